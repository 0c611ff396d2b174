package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;

/** Creates exceptions whose messages name the operation, the code, the place and what to do. */
public final class Failures {
  private Failures() {}

  /**
   * Creates the exception for one of libpmem2's codes.
   *
   * @param operation the operation that failed
   * @param place where: the path, possibly with offset and length
   * @param error the code
   * @param detail what exactly was wrong, empty if the code says everything
   */
  public static PmemException of(String operation, String place, PmemError error, String detail) {
    return of(operation, place, error, detail, error.advice());
  }

  /**
   * Creates the exception for one of libpmem2's codes, with specific advice.
   *
   * @param operation the operation that failed
   * @param place where
   * @param error the code
   * @param detail what exactly was wrong, empty if the code says everything
   * @param advice what to do
   */
  public static PmemException of(
      String operation, String place, PmemError error, String detail, String advice) {
    return new PmemException(
        error.code(),
        message(
            operation,
            place,
            error + " (" + error.code() + "): " + (detail.isEmpty() ? error.meaning() : detail),
            advice));
  }

  /**
   * Creates the exception for a system error.
   *
   * @param operation the operation that failed
   * @param place where
   * @param errno the error number, positive
   */
  public static PmemException errno(String operation, String place, int errno) {
    return errno(operation, place, errno, Errno.advice(errno));
  }

  /**
   * Creates the exception for a system error, with specific advice.
   *
   * @param operation the operation that failed
   * @param place where
   * @param errno the error number, positive
   * @param advice what to do
   */
  public static PmemException errno(String operation, String place, int errno, String advice) {
    return new PmemException(-errno, message(operation, place, Errno.describe(errno), advice));
  }

  /**
   * Creates the exception for a JVM that denies native access.
   *
   * @param operation the operation that failed
   * @param cause the refusal
   */
  static PmemException nativeAccessDenied(String operation, Throwable cause) {
    return new PmemException(PmemError.NOSUPP.code(), deniedMessage(operation), cause);
  }

  static String deniedMessage(String operation) {
    boolean named = Failures.class.getModule().isNamed();
    return message(
        operation,
        "this JVM",
        PmemError.NOSUPP + " (" + PmemError.NOSUPP.code() + "): native access is denied",
        "start java with --enable-native-access="
            + (named ? "io.lode.pmem,com.sun.jna" : "ALL-UNNAMED")
            + " (io.lode.pmem,com.sun.jna on the module path, ALL-UNNAMED on the class path)");
  }

  private static String message(String operation, String place, String what, String advice) {
    return operation + " " + place + ": " + what + "; " + advice;
  }
}
