package io.lode.crashtest.newcomer;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.crashtest.elsewhere.Counter;
import io.lode.pmem.PmemMap;
import java.util.List;

/** A right structure of another package, rightly described. */
class CounterSubject implements Subject<Counter, Long> {
  @Override
  public long poolBytes() {
    return 4096;
  }

  @Override
  public Counter create(PmemMap map) {
    return new Counter(map);
  }

  @Override
  public Counter open(PmemMap map) {
    map.persist(0, Long.BYTES);
    return new Counter(map);
  }

  @Override
  public Long initial() {
    return 0L;
  }

  @Override
  public Long observe(Counter counter) {
    return counter.value();
  }

  @Override
  public List<Operation<Counter, Long>> operations() {
    return List.of(
        Operation.of("increment", Counter::increment, value -> value + 1), Operation.reopen());
  }
}
