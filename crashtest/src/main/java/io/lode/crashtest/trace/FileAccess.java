package io.lode.crashtest.trace;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/** Reports calls of a {@link FileChannel}. */
@SuppressWarnings("UnusedMethod") // linked by name
final class FileAccess {
  private FileAccess() {}

  static MethodHandle link(Tracer tracer, Site site, MethodHandle call)
      throws ReflectiveOperationException {
    MethodType type = call.type().insertParameterTypes(0, Tracer.class);
    try {
      return MethodHandles.insertArguments(
          MethodHandles.lookup().findStatic(FileAccess.class, site.access(), type), 0, tracer);
    } catch (NoSuchMethodException _) {
      return call;
    }
  }

  private static FileChannel open(
      Tracer tracer, Path path, Set<OpenOption> options, FileAttribute<?>[] attributes)
      throws IOException {
    if (options.contains(StandardOpenOption.CREATE_NEW)) {
      tracer.file(new FileEvent(FileEvent.Kind.CREATED, path, 0));
    }
    return tracer.opened(path, FileChannel.open(path, options, attributes));
  }

  private static FileChannel open(Tracer tracer, Path path, OpenOption[] options)
      throws IOException {
    return tracer.opened(path, FileChannel.open(path, options));
  }

  private static int write(Tracer tracer, FileChannel channel, ByteBuffer bytes)
      throws IOException {
    long end = channel.position() + bytes.remaining();
    tracer.file(new FileEvent(FileEvent.Kind.WRITTEN, tracer.pathOf(channel), end));
    return channel.write(bytes);
  }

  private static void force(Tracer tracer, FileChannel channel, boolean metadata)
      throws IOException {
    Path path = tracer.pathOf(channel);
    boolean isFolder = Files.isDirectory(path);
    tracer.file(
        new FileEvent(isFolder ? FileEvent.Kind.FOLDER_SYNCED : FileEvent.Kind.SYNCED, path, 0));
    channel.force(metadata);
  }
}
