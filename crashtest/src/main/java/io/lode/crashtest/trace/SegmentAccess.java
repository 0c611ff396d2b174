package io.lode.crashtest.trace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Reports the methods of {@link MemorySegment}, static ones included. */
@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // linked by name
final class SegmentAccess {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private SegmentAccess() {}

  static MethodHandle link(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodType type = call.type();
    return switch (site.access()) {
      case "get" ->
          CallSites.before(call, report(tracer, site, "get", ValueLayout.class, long.class));
      case "set" ->
          CallSites.after(call, report(tracer, site, "set", ValueLayout.class, long.class));
      case "getAtIndex" ->
          CallSites.before(call, report(tracer, site, "getAtIndex", ValueLayout.class, long.class));
      case "setAtIndex" ->
          CallSites.after(call, report(tracer, site, "setAtIndex", ValueLayout.class, long.class));
      case "getString" -> CallSites.before(call, report(tracer, site, "getString", long.class));
      case "setString" ->
          CallSites.after(
              call,
              type.parameterCount() == 3
                  ? report(tracer, site, "setString", long.class, String.class)
                  : report(tracer, site, "setString", long.class, String.class, Charset.class));
      case "toArray" -> CallSites.before(call, report(tracer, site, "all"));
      case "fill" -> report(tracer, site, "fill", MemorySegment.class, byte.class);
      case "copyFrom" -> report(tracer, site, "copyFrom", MemorySegment.class, MemorySegment.class);
      case "asByteBuffer" -> report(tracer, site, "asByteBuffer", ByteBuffer.class);
      case "force" -> force(tracer, site, call);
      case "mismatch" -> mismatch(tracer, site, call);
      case "copy" -> copy(tracer, site, call);
      default -> call;
    };
  }

  /**
   * A report that receives a segment and the following arguments; if it returns something, it
   * replaces the call.
   */
  private static MethodHandle report(Tracer tracer, Site site, String name, Class<?>... more)
      throws ReflectiveOperationException {
    boolean replaces =
        more.length > 0
            && !name.startsWith("get")
            && !name.startsWith("set")
            && !name.equals("all");
    Class<?> result = replaces ? more[0] : void.class;
    MethodType type = MethodType.methodType(result, Tracer.class, Site.class, MemorySegment.class);
    for (int i = replaces ? 1 : 0; i < more.length; i++) {
      type = type.appendParameterTypes(more[i]);
    }
    return MethodHandles.insertArguments(
        LOOKUP.findStatic(SegmentAccess.class, name, type), 0, tracer, site);
  }

  private static void get(Tracer t, Site s, MemorySegment m, ValueLayout layout, long offset) {
    t.loading(s, m, offset, layout.byteSize());
  }

  private static void set(Tracer t, Site s, MemorySegment m, ValueLayout layout, long offset) {
    t.stored(s, m, offset, layout.byteSize(), Order.PLAIN);
  }

  private static void getAtIndex(
      Tracer t, Site s, MemorySegment m, ValueLayout layout, long index) {
    t.loading(s, m, index * layout.byteSize(), layout.byteSize());
  }

  private static void setAtIndex(
      Tracer t, Site s, MemorySegment m, ValueLayout layout, long index) {
    t.stored(s, m, index * layout.byteSize(), layout.byteSize(), Order.PLAIN);
  }

  /** The length of a string is unknown before it is read, so its first byte stands for it. */
  private static void getString(Tracer t, Site s, MemorySegment m, long offset) {
    t.loading(s, m, offset, 1);
  }

  private static void setString(Tracer t, Site s, MemorySegment m, long offset, String text) {
    setString(t, s, m, offset, text, StandardCharsets.UTF_8);
  }

  private static void setString(
      Tracer t, Site s, MemorySegment m, long offset, String text, Charset charset) {
    // The terminator is as long as a code unit of the charset; 4 bytes cover all charsets.
    long length = text.getBytes(charset).length + 4L;
    t.stored(s, m, offset, Math.min(length, m.byteSize() - offset), Order.BULK);
  }

  private static void all(Tracer t, Site s, MemorySegment m) {
    t.loading(s, m, 0, m.byteSize());
  }

  private static MemorySegment fill(Tracer t, Site s, MemorySegment m, byte value) {
    MemorySegment result = m.fill(value);
    t.stored(s, m, 0, m.byteSize(), Order.BULK);
    return result;
  }

  private static MemorySegment copyFrom(Tracer t, Site s, MemorySegment m, MemorySegment source) {
    t.loading(s, source, 0, source.byteSize());
    MemorySegment result = m.copyFrom(source);
    t.stored(s, m, 0, source.byteSize(), Order.BULK);
    return result;
  }

  private static ByteBuffer asByteBuffer(Tracer t, Site s, MemorySegment m) {
    TracedMap map = t.mapOf(m);
    if (map != null) {
      map.unnoticed(s);
    }
    return m.asByteBuffer();
  }

  private static MethodHandle force(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodType type =
        MethodType.methodType(void.class, Tracer.class, Site.class, MemorySegment.class);
    MethodHandle own = LOOKUP.findStatic(SegmentAccess.class, "force", type);
    return MethodHandles.insertArguments(own, 0, tracer, site).asType(call.type());
  }

  private static void force(Tracer t, Site s, MemorySegment m) {
    TracedMap map = t.mapOf(m);
    if (map == null) {
      m.force();
    } else {
      map.force(s, m.address(), m.byteSize());
    }
  }

  private static MethodHandle mismatch(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodHandle first = report(tracer, site, "all");
    if (call.type().parameterCount() == 2) {
      MethodHandle second = MethodHandles.dropArguments(first, 0, MemorySegment.class);
      return CallSites.before(CallSites.before(call, first), second);
    }
    MethodType type =
        MethodType.methodType(
            void.class, Tracer.class, Site.class, MemorySegment.class, long.class, long.class);
    MethodHandle range =
        MethodHandles.insertArguments(
            LOOKUP.findStatic(SegmentAccess.class, "range", type), 0, tracer, site);
    MethodHandle second =
        MethodHandles.dropArguments(range, 0, MemorySegment.class, long.class, long.class);
    return CallSites.before(CallSites.before(call, range), second);
  }

  private static void range(Tracer t, Site s, MemorySegment m, long from, long to) {
    t.loading(s, m, from, to - from);
  }

  private static MethodHandle copy(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodType type = call.type().insertParameterTypes(0, Tracer.class, Site.class);
    return MethodHandles.insertArguments(
        LOOKUP.findStatic(SegmentAccess.class, "copy", type), 0, tracer, site);
  }

  private static void copy(
      Tracer t,
      Site s,
      MemorySegment from,
      long fromOffset,
      MemorySegment to,
      long toOffset,
      long length) {
    t.loading(s, from, fromOffset, length);
    MemorySegment.copy(from, fromOffset, to, toOffset, length);
    t.stored(s, to, toOffset, length, Order.BULK);
  }

  private static void copy(
      Tracer t,
      Site s,
      MemorySegment from,
      ValueLayout fromLayout,
      long fromOffset,
      MemorySegment to,
      ValueLayout toLayout,
      long toOffset,
      long count) {
    t.loading(s, from, fromOffset, count * fromLayout.byteSize());
    MemorySegment.copy(from, fromLayout, fromOffset, to, toLayout, toOffset, count);
    t.stored(s, to, toOffset, count * toLayout.byteSize(), Order.BULK);
  }

  private static void copy(
      Tracer t,
      Site s,
      MemorySegment from,
      ValueLayout layout,
      long offset,
      Object array,
      int index,
      int count) {
    t.loading(s, from, offset, count * layout.byteSize());
    MemorySegment.copy(from, layout, offset, array, index, count);
  }

  private static void copy(
      Tracer t,
      Site s,
      Object array,
      int index,
      MemorySegment to,
      ValueLayout layout,
      long offset,
      int count) {
    MemorySegment.copy(array, index, to, layout, offset, count);
    t.stored(s, to, offset, count * layout.byteSize(), Order.BULK);
  }
}
