package io.lode.cli.kv;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/**
 * Turns the files of a folder into keys: the bytes of their names in the file system. Text is not
 * enough: names that the locale cannot decode become question marks, and two files could get the
 * same key. A path's URI is the only access to the bytes.
 */
final class FileNames {
  private static final int HEXADECIMAL = 16;

  private final int prefix;

  /** Creates the keys of the files in a folder, given as an absolute path without links. */
  FileNames(Path folder) {
    String start = folder.toUri().getRawPath();
    this.prefix = start.endsWith("/") ? start.length() : start.length() + 1;
  }

  /** Returns the path of a file relative to the folder, with slashes. */
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
