package io.lode.cli.console;

import io.lode.numa.NumaException;
import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;
import io.lode.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * The exit code and message of a failed command; the single place where exceptions become exit
 * codes.
 *
 * @param code the exit code
 * @param message one line for the user
 */
public record Failure(ExitCode code, String message) {
  private static final int ENOENT = 2;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  /**
   * Translates any exception of a command.
   *
   * @param thrown the exception or error
   * @return its code and message
   */
  public static Failure of(Throwable thrown) {
    return switch (thrown) {
      case UsageException usage -> new Failure(ExitCode.USAGE, text(usage));
      case StoreException store -> new Failure(codeOf(store), text(store));
      case PmemException pmem -> new Failure(codeOf(pmem), text(pmem));
      case NumaException numa -> new Failure(ExitCode.SYSTEM, text(numa));
      case UncheckedIOException io when io.getCause() != null -> of(io.getCause());
      case IOException io -> ofIo(io);
      // The libraries refused arguments from the command line: lengths, sizes, names.
      case IllegalArgumentException refused -> new Failure(ExitCode.USAGE, text(refused));
      case IllegalCallerException denied ->
          new Failure(
              ExitCode.SYSTEM,
              text(denied) + "; start Java with --enable-native-access=ALL-UNNAMED");
      case OutOfMemoryError memory ->
          new Failure(
              ExitCode.SYSTEM, "out of memory: " + text(memory) + "; give Java more (-Xmx)");
      case InternalError fault ->
          new Failure(
              ExitCode.SYSTEM,
              "the medium failed under a mapped page, or its file was truncated: " + text(fault));
      default ->
          new Failure(
              ExitCode.SYSTEM, "unexpected: " + thrown + "; --debug shows where it comes from");
    };
  }

  private static ExitCode codeOf(StoreException failure) {
    return switch (failure) {
      case StoreException.Full _ -> ExitCode.FULL;
      case StoreException.Damaged _ -> ExitCode.MISMATCH;
      case StoreException.Locked _ -> ExitCode.LOCKED;
      case StoreException.Foreign _,
          StoreException.OtherPool _,
          StoreException.Newer _,
          StoreException.Older _ ->
          ExitCode.FOREIGN;
      case StoreException.Missing _ -> ExitCode.NOT_FOUND;
      case StoreException.ReadOnly _, StoreException.Poisoned _, StoreException.Io _ ->
          ExitCode.SYSTEM;
    };
  }

  private static ExitCode codeOf(PmemException failure) {
    if (failure.error() == PmemError.INVALID_FILE_TYPE) {
      return ExitCode.FOREIGN;
    }
    return switch (failure.errno().orElse(0)) {
      case ENOENT -> ExitCode.NOT_FOUND;
      case ENOSPC, EDQUOT -> ExitCode.FULL;
      default -> ExitCode.SYSTEM;
    };
  }

  private static Failure ofIo(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing ->
          new Failure(ExitCode.NOT_FOUND, missing.getFile() + ": no such file or folder");
      case AccessDeniedException denied ->
          new Failure(ExitCode.SYSTEM, denied.getFile() + ": permission denied");
      case FileSystemException other when other.getReason() != null ->
          new Failure(ExitCode.SYSTEM, other.getFile() + ": " + other.getReason());
      default -> new Failure(ExitCode.SYSTEM, text(failure));
    };
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null ? thrown.getClass().getSimpleName() : message;
  }
}
