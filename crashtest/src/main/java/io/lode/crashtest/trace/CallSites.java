package io.lode.crashtest.trace;

import java.lang.constant.ClassDesc;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.util.concurrent.locks.Lock;

/**
 * Links the call sites created by {@link Rewriter}: each gets the original call, with a report
 * before or after it that knows the tracer and the place. Public only because rewritten code calls
 * it.
 */
public final class CallSites {
  private static final String MAP = "io.lode.pmem.PmemMap";

  private CallSites() {}

  /**
   * Links one call site.
   *
   * @param caller the class that contains it
   * @param name the method that was called there
   * @param type the types on the stack, the receiver first
   * @param owner descriptor of the class on which the method was called
   * @param method the calling method
   * @param line the source line
   * @param isStatic 1 if the method called is static
   * @return the linked site
   * @throws ReflectiveOperationException if there is no such method
   */
  public static CallSite link(
      Lookup caller,
      String name,
      MethodType type,
      String owner,
      String method,
      int line,
      int isStatic)
      throws ReflectiveOperationException {
    InstrumentingLoader loader = (InstrumentingLoader) caller.lookupClass().getClassLoader();
    Tracer tracer = loader.tracer();
    Site site = new Site(caller.lookupClass().getName(), method, line, name);
    tracer.reached(site);
    Class<?> type0 = ClassDesc.ofDescriptor(owner).resolveConstantDesc(caller);
    MethodHandle linked =
        type0 == VarHandle.class
            ? HandleAccess.link(tracer, site, name, type)
            : linked(tracer, site, type0, original(caller, type0, name, type, isStatic == 1));
    return new ConstantCallSite(linked.asType(type));
  }

  private static MethodHandle original(
      Lookup caller, Class<?> owner, String name, MethodType type, boolean isStatic)
      throws ReflectiveOperationException {
    return isStatic
        ? caller.findStatic(owner, name, type)
        : caller.findVirtual(owner, name, type.dropParameterTypes(0, 1));
  }

  private static MethodHandle linked(
      Tracer tracer, Site site, Class<?> owner, MethodHandle original)
      throws ReflectiveOperationException {
    // asType also turns a variable-arity call into one that takes an array.
    MethodHandle fixed = original.asFixedArity();
    if (owner == MemorySegment.class) {
      return SegmentAccess.link(tracer, site, fixed);
    }
    if (owner == Thread.class) {
      // Traced memory never faults late, and yields between millions of images would take most of
      // the time.
      return MethodHandles.empty(fixed.type());
    }
    if (owner == FileChannel.class) {
      return FileAccess.link(tracer, site, fixed);
    }
    if (Lock.class.isAssignableFrom(owner)) {
      return Locking.link(tracer, fixed);
    }
    if (owner == SecureRandom.class) {
      return RandomNumbers.link(tracer, site, fixed);
    }
    if (owner.getName().equals(MAP)) {
      return MapAccess.link(tracer, site, fixed);
    }
    return MemoryLayout.class.isAssignableFrom(owner)
        ? HandleAccess.linkFactory(tracer, site, fixed)
        : fixed;
  }

  /** Runs a report before a call; the report receives the call's first arguments. */
  static MethodHandle before(MethodHandle call, MethodHandle report) {
    MethodType first =
        call.type()
            .dropParameterTypes(report.type().parameterCount(), call.type().parameterCount());
    return MethodHandles.foldArguments(call, report.asType(first.changeReturnType(void.class)));
  }

  /**
   * Runs a report after a call that returns void; the report receives the call's first arguments.
   */
  static MethodHandle after(MethodHandle call, MethodHandle report) {
    int taken = report.type().parameterCount();
    MethodType type = call.type();
    MethodHandle exact =
        report.asType(
            type.dropParameterTypes(taken, type.parameterCount()).changeReturnType(void.class));
    MethodHandle padded =
        MethodHandles.dropArguments(
            exact, taken, type.parameterList().subList(taken, type.parameterCount()));
    return MethodHandles.foldArguments(padded, call);
  }
}
