package io.lode.crashtest.tutorial;

import io.lode.crashtest.Operation;
import io.lode.crashtest.Subject;
import io.lode.pmem.PmemMap;
import java.util.List;
import java.util.stream.Stream;

/** The stack as the checker drives it; the model is a list. */
class StackSubject implements Subject<PersistentStack, List<Long>> {
  @Override
  public long poolBytes() {
    return PersistentStack.BYTES;
  }

  @Override
  public PersistentStack create(PmemMap map) {
    return new PersistentStack(map);
  }

  @Override
  public PersistentStack open(PmemMap map) {
    return PersistentStack.recover(map);
  }

  @Override
  public List<Long> initial() {
    return List.of();
  }

  @Override
  public List<Long> observe(PersistentStack stack) {
    return stack.values();
  }

  @Override
  public List<Operation<PersistentStack, List<Long>>> operations() {
    return List.of(
        push(7),
        push(0x0102030405060708L),
        Operation.of(
            "pop",
            PersistentStack::pop,
            list -> list.isEmpty() ? list : list.subList(0, list.size() - 1)),
        Operation.reopen());
  }

  private static Operation<PersistentStack, List<Long>> push(long value) {
    return Operation.of(
        "push " + value,
        stack -> stack.push(value),
        list -> Stream.concat(list.stream(), Stream.of(value)).toList());
  }
}
