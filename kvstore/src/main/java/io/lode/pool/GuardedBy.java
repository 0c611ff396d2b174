package io.lode.pool;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the lock that must be held to touch a field or to call a method. For readers only: Error
 * Prone (2.50) checks annotations of five fixed names, and this is none of them.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.FIELD, ElementType.METHOD})
public @interface GuardedBy {
  /**
   * Returns the lock.
   *
   * @return the name of a field of the same class
   */
  String value();
}
