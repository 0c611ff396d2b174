package io.lode.pmem.internal;

import io.lode.pmem.PmemError;
import io.lode.pmem.PmemException;

/** Words the exceptions, so that each says operation, code, place and what to do. */
public final class Failures {
  private Failures() {}

  /**
   * Makes the exception of one of libpmem2's codes.
   *
   * @param operation what was tried
   * @param place where: path, perhaps offset and length
   * @param error the code
   * @param detail what exactly was wrong, empty if the code says all
   */
  public static PmemException of(String operation, String place, PmemError error, String detail) {
    return of(operation, place, error, detail, error.advice());
  }

  /**
   * Makes the exception of one of libpmem2's codes with advice of its own.
   *
   * @param operation what was tried
   * @param place where
   * @param error the code
   * @param detail what exactly was wrong, empty if the code says all
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
   * Makes the exception of a system error.
   *
   * @param operation what was tried
   * @param place where
   * @param errno the error number, positive
   */
  public static PmemException errno(String operation, String place, int errno) {
    return errno(operation, place, errno, Errno.advice(errno));
  }

  /**
   * Makes the exception of a system error with advice of its own.
   *
   * @param operation what was tried
   * @param place where
   * @param errno the error number, positive
   * @param advice what to do
   */
  public static PmemException errno(String operation, String place, int errno, String advice) {
    return new PmemException(-errno, message(operation, place, Errno.describe(errno), advice));
  }

  /**
   * Makes the exception for a JVM that forbids native access.
   *
   * @param operation what was tried
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
