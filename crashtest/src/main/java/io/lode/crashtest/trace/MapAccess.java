package io.lode.crashtest.trace;

import io.lode.pmem.PmemMap;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Passes the place of each call to the traced map. */
@SuppressWarnings("UnusedMethod") // linked by name
final class MapAccess {
  private MapAccess() {}

  static MethodHandle link(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodHandle report =
        MethodHandles.lookup()
            .findStatic(
                MapAccess.class,
                "calling",
                MethodType.methodType(void.class, Tracer.class, Site.class, PmemMap.class));
    return CallSites.before(call, MethodHandles.insertArguments(report, 0, tracer, site));
  }

  private static void calling(Tracer tracer, Site site, PmemMap map) {
    if (map instanceof TracedMap traced) {
      tracer.point();
      traced.at(tracer, site);
    }
  }
}
