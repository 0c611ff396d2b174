package io.lode.crashtest.trace;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.invoke.VarHandle.AccessMode;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reports accesses through a {@link VarHandle}. The offset of an access is known if the code under
 * test created the handle from a layout; for any other handle, the segment is compared before and
 * after.
 */
@SuppressWarnings("UnusedMethod") // linked by name
final class HandleAccess {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private HandleAccess() {}

  /**
   * The known handles, with the computation of the offset from the coordinates after the segment.
   */
  static final class Known {
    @GuardedBy("this")
    private final Map<VarHandle, MethodHandle> offsets = new WeakHashMap<>();

    synchronized void add(VarHandle handle, MethodHandle offset) {
      offsets.put(handle, offset);
    }

    synchronized @Nullable MethodHandle offset(VarHandle handle) {
      return offsets.get(handle);
    }
  }

  /** One linked call. */
  private record Call(
      Tracer tracer, Site site, MethodHandle invoker, boolean reads, @Nullable Order order) {}

  static MethodHandle link(Tracer tracer, Site site, String name, MethodType type)
      throws ReflectiveOperationException {
    AccessMode mode = AccessMode.valueFromMethodName(name);
    MethodType bare = type.dropParameterTypes(0, 1);
    int count = bare.parameterCount();
    MethodHandle invoker =
        MethodHandles.varHandleInvoker(mode, bare)
            .asSpreader(1, Object[].class, count)
            .asType(MethodType.methodType(Object.class, VarHandle.class, Object[].class));
    Call call = new Call(tracer, site, invoker, reads(name), order(name));
    MethodHandle access =
        LOOKUP.findStatic(
            HandleAccess.class,
            "access",
            MethodType.methodType(Object.class, Call.class, VarHandle.class, Object[].class));
    return MethodHandles.insertArguments(access, 0, call)
        .asCollector(Object[].class, count)
        .asType(type);
  }

  private static boolean reads(String name) {
    return !name.startsWith("set");
  }

  private static @Nullable Order order(String name) {
    if (name.equals("get") || (name.startsWith("get") && !name.startsWith("getAnd"))) {
      return null;
    }
    if (name.endsWith("Release")) {
      return Order.RELEASE;
    }
    return name.equals("set") || name.endsWith("Plain") || name.endsWith("Opaque")
        ? Order.PLAIN
        : Order.VOLATILE;
  }

  private static @Nullable Object access(Call call, VarHandle handle, Object[] arguments)
      throws Throwable {
    MemorySegment segment = (MemorySegment) arguments[0];
    TracedMap map = call.tracer.mapOf(segment);
    if (map == null) {
      return call.invoker.invokeExact(handle, arguments);
    }
    MethodHandle offsetOf = call.tracer.handles().offset(handle);
    if (offsetOf == null) {
      return compared(call, map, handle, arguments);
    }
    int coordinates = handle.coordinateTypes().size() - 1;
    Object[] place = java.util.Arrays.copyOfRange(arguments, 1, 1 + coordinates);
    long address = segment.address() + (long) offsetOf.invokeWithArguments(place);
    long length = sizeOf(handle.varType());
    if (call.reads) {
      map.loading(call.site, address, length);
    }
    Object result = call.invoker.invokeExact(handle, arguments);
    if (call.order != null) {
      map.stored(call.site, address, length, call.order);
    }
    return result;
  }

  private static @Nullable Object compared(
      Call call, TracedMap map, VarHandle handle, Object[] arguments) throws Throwable {
    MemorySegment segment = (MemorySegment) arguments[0];
    Order order = call.order;
    if (order == null) {
      return call.invoker.invokeExact(handle, arguments);
    }
    byte[] before = segment.toArray(ValueLayout.JAVA_BYTE);
    Object result = call.invoker.invokeExact(handle, arguments);
    long changed = segment.mismatch(MemorySegment.ofArray(before));
    if (changed >= 0) {
      long length = sizeOf(handle.varType());
      // Aligned, as every ordered access mode requires.
      map.stored(call.site, segment.address() + changed / length * length, length, order);
    }
    return result;
  }

  private static long sizeOf(Class<?> type) {
    if (type == long.class || type == double.class || type == MemorySegment.class) {
      return Long.BYTES;
    }
    if (type == int.class || type == float.class) {
      return Integer.BYTES;
    }
    return type == short.class || type == char.class ? Short.BYTES : Byte.BYTES;
  }

  static MethodHandle linkFactory(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    if (site.access().equals("arrayElementVarHandle")) {
      return call;
    }
    boolean hasPath = call.type().parameterCount() == 2;
    MethodType type =
        MethodType.methodType(VarHandle.class, Tracer.class, VarHandle.class, MemoryLayout.class);
    if (hasPath) {
      type = type.appendParameterTypes(MemoryLayout.PathElement[].class);
    }
    MethodHandle note =
        MethodHandles.insertArguments(
            LOOKUP.findStatic(HandleAccess.class, "made", type), 0, tracer);
    MethodType exact = call.type().insertParameterTypes(0, VarHandle.class);
    return MethodHandles.foldArguments(note.asType(exact), call);
  }

  private static VarHandle made(Tracer tracer, VarHandle handle, MemoryLayout layout) {
    return made(tracer, handle, layout, new MemoryLayout.PathElement[0]);
  }

  private static VarHandle made(
      Tracer tracer, VarHandle handle, MemoryLayout layout, MemoryLayout.PathElement[] path) {
    tracer.handles().add(handle, layout.byteOffsetHandle(path));
    return handle;
  }
}
