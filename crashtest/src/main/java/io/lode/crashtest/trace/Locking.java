package io.lode.crashtest.trace;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.locks.Lock;

/** Makes threads of a {@link Schedule} yield to others while they wait for a lock. */
@SuppressWarnings("UnusedMethod") // linked by name
final class Locking {
  private Locking() {}

  static MethodHandle link(Tracer tracer, MethodHandle call) throws ReflectiveOperationException {
    MethodHandle own =
        MethodHandles.lookup()
            .findStatic(
                Locking.class, "lock", MethodType.methodType(void.class, Tracer.class, Lock.class));
    return MethodHandles.insertArguments(own, 0, tracer).asType(call.type());
  }

  @SuppressWarnings("LockNotBeforeTry") // released in the caller's finally
  private static void lock(Tracer tracer, Lock lock) {
    Schedule.Member member = tracer.member();
    if (member == null) {
      lock.lock();
      return;
    }
    member.point();
    while (!lock.tryLock()) {
      member.blocked();
    }
  }
}
