package io.lode.cli.kv;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/**
 * Turns the files of a folder into keys: the bytes of their names, as the file system has them.
 * Text would not do: a name that the locale cannot decode becomes question marks, and two files one
 * key. The one way to the bytes is a path's URI.
 */
final class FileNames {
  private static final int HEXADECIMAL = 16;

  private final int prefix;

  /** Makes the keys of a folder's files, which is an absolute path without links. */
  FileNames(Path folder) {
    String start = folder.toUri().getRawPath();
    this.prefix = start.endsWith("/") ? start.length() : start.length() + 1;
  }

  /** Returns the path of a file in the folder, from there, with slashes. */
  byte[] key(Path file) {
    String path = file.toUri().getRawPath();
    var key = new ByteArrayOutputStream(path.length() - prefix);
    int position = prefix;
    while (position < path.length()) {
      char next = path.charAt(position);
      if (next == '%') {
        key.write(Integer.parseInt(path, position + 1, position + 3, HEXADECIMAL));
        position += 3;
      } else {
        key.write(next);
        position++;
      }
    }
    return key.toByteArray();
  }
}
