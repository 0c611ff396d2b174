package io.lode.crashtest.trace;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.SecureRandom;

/** Makes the numbers that code under test draws from {@link SecureRandom} deterministic. */
@SuppressWarnings("UnusedMethod") // linked by name
final class RandomNumbers {
  private RandomNumbers() {}

  static MethodHandle link(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodType type = call.type();
    try {
      MethodHandle own =
          MethodHandles.lookup()
              .findStatic(
                  RandomNumbers.class, site.access(), type.insertParameterTypes(0, Tracer.class));
      return MethodHandles.insertArguments(own, 0, tracer);
    } catch (NoSuchMethodException _) {
      return call;
    }
  }

  private static long nextLong(Tracer tracer, SecureRandom ignored) {
    return tracer.random().nextLong();
  }

  private static int nextInt(Tracer tracer, SecureRandom ignored) {
    return tracer.random().nextInt();
  }

  private static int nextInt(Tracer tracer, SecureRandom ignored, int bound) {
    return tracer.random().nextInt(bound);
  }

  private static void nextBytes(Tracer tracer, SecureRandom ignored, byte[] bytes) {
    tracer.random().nextBytes(bytes);
  }
}
