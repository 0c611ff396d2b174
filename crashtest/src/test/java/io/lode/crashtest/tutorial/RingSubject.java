package io.lode.crashtest.tutorial;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import java.util.List;
import java.util.stream.Stream;

/** The ring as the checker drives it; to be full is a proper answer. */
class RingSubject implements Subject<PersistentRing, List<Long>> {
  @Override
  public long poolBytes() {
    return PersistentRing.BYTES;
  }

  /** Makes a ring in memory; versions with a bug make theirs. */
  PersistentRing ring(PmemMap map) {
    return new PersistentRing(map);
  }

  @Override
  public PersistentRing create(PmemMap map) {
    return ring(map);
  }

  @Override
  public PersistentRing open(PmemMap map) {
    PersistentRing ring = ring(map);
    ring.recover();
    return ring;
  }

  @Override
  public List<Long> initial() {
    return List.of();
  }

  @Override
  public List<Long> observe(PersistentRing ring) {
    return ring.values();
  }

  @Override
  public boolean isRefusal(Throwable failure) {
    return failure instanceof IllegalStateException;
  }

  @Override
  public List<Operation<PersistentRing, List<Long>>> operations() {
    return List.of(
        add(7),
        add(0x0102030405060708L),
        Operation.of(
            "take",
            PersistentRing::take,
            list -> list.isEmpty() ? list : list.subList(1, list.size())),
        Operation.reopen());
  }

  private static Operation<PersistentRing, List<Long>> add(long value) {
    return Operation.of(
        "add " + value,
        ring -> ring.add(value),
        list -> Stream.concat(list.stream(), Stream.of(value)).toList());
  }
}
