package io.lode.cli.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The streams of a command. Results go to standard output, everything else to standard error.
 *
 * <p>A reader that goes away ({@code lode kv scan | head}) is not a failure: later output is
 * dropped, and {@link #isClosed} tells a long command that it may stop. Any other failure to print
 * is a failure.
 *
 * <p>Used by one thread.
 */
public final class Console {
  private static final int BUFFER_BYTES = 1 << 16;

  private final OutputStream out;
  private final PrintStream err;
  private final InputStream in;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private boolean closed;

  /**
   * Creates a console from streams.
   *
   * @param out for results
   * @param err for messages
   * @param in for values given on standard input
   * @param outIsTerminal whether a person reads {@code out}
   * @param errIsTerminal whether a person reads {@code err}
   */
  public Console(
      OutputStream out,
      PrintStream err,
      InputStream in,
      boolean outIsTerminal,
      boolean errIsTerminal) {
    this.out = out;
    this.err = err;
    this.in = in;
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
  }

  /**
   * Returns the streams of this process.
   *
   * @return a console; nothing else may use the streams beside it
   */
  public static Console ofProcess() {
    StandardDescriptors.occupy();
    return new Console(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        StandardDescriptors.input(),
        isTerminal(1),
        isTerminal(2));
  }

  /** System.console() covers input and output only together, and no other stream. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /**
   * Prints a line.
   *
   * @param text the line, in which text of unknown origin is already escaped
   */
  public void line(String text) {
    write((text + "\n").getBytes(UTF_8));
  }

  /**
   * Prints bytes unchanged.
   *
   * @param bytes the bytes
   */
  public void write(byte[] bytes) {
    if (closed) {
      return;
    }
    try {
      out.write(bytes);
    } catch (IOException failure) {
      outputFailed(failure);
    }
  }

  /** Flushes the output. */
  public void flush() {
    if (closed) {
      return;
    }
    try {
      out.flush();
    } catch (IOException failure) {
      outputFailed(failure);
    }
  }

  private void outputFailed(IOException failure) {
    closed = true;
    if (!String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      throw new UncheckedIOException(
          new IOException("standard output cannot be written: " + failure.getMessage(), failure));
    }
  }

  /**
   * Tells whether the reader of the output has gone away.
   *
   * @return true once writing failed
   */
  public boolean isClosed() {
    return closed;
  }

  /**
   * Prints a message as one line that starts with {@code lode:}.
   *
   * @param message the message; anything that a terminal would interpret is escaped
   */
  public void error(String message) {
    flush();
    err.println("lode: " + Escape.text(message.strip()));
  }

  /**
   * Returns the stream for messages.
   *
   * @return the error stream
   */
  public PrintStream err() {
    return err;
  }

  /**
   * Returns the stream from which values may be read.
   *
   * @return standard input
   */
  public InputStream in() {
    return in;
  }

  /**
   * Tells whether a person reads the results.
   *
   * @return true for a terminal
   */
  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  /**
   * Tells whether a person reads the messages.
   *
   * @return true for a terminal
   */
  public boolean errIsTerminal() {
    return errIsTerminal;
  }
}
