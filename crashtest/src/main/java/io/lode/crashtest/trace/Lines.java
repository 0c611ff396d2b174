package io.lode.crashtest.trace;

import java.util.Arrays;

/**
 * Tracks which lines of a map were touched, and which of those are dirty or on their way to the
 * medium.
 */
final class Lines {
  static final int BYTES = 64;

  private static final byte TOUCHED = 1;
  private static final byte DIRTY = 2;
  private static final byte STAGED = 4;

  private final byte[] states;
  private int[] touched = new int[64];
  private int touchedCount;
  private int[] staged = new int[64];
  private int stagedCount;

  Lines(long sizeBytes) {
    states = new byte[(int) ((sizeBytes + BYTES - 1) / BYTES)];
  }

  /** Records a store. */
  void dirty(long offset, long length) {
    int last = (int) ((offset + length - 1) / BYTES);
    for (int line = (int) (offset / BYTES); line <= last; line++) {
      if ((states[line] & TOUCHED) == 0) {
        if (touchedCount == touched.length) {
          touched = Arrays.copyOf(touched, 2 * touchedCount);
        }
        touched[touchedCount++] = line;
      }
      states[line] |= TOUCHED | DIRTY;
    }
  }

  /** Moves a line from dirty to staged; returns false if it was not dirty. */
  boolean stage(int line) {
    if ((states[line] & DIRTY) == 0) {
      return false;
    }
    if ((states[line] & STAGED) == 0) {
      if (stagedCount == staged.length) {
        staged = Arrays.copyOf(staged, 2 * stagedCount);
      }
      staged[stagedCount++] = line;
    }
    states[line] = (byte) ((states[line] & ~DIRTY) | STAGED);
    return true;
  }

  int stagedCount() {
    return stagedCount;
  }

  int staged(int index) {
    return staged[index];
  }

  void clearStaged() {
    for (int i = 0; i < stagedCount; i++) {
      states[staged[i]] &= ~STAGED;
    }
    stagedCount = 0;
  }

  int touchedCount() {
    return touchedCount;
  }

  int touched(int index) {
    return touched[index];
  }

  /** Tells whether a line differs, or may differ, from what is durable. */
  boolean isPending(int line) {
    return (states[line] & (DIRTY | STAGED)) != 0;
  }

  /** Clears all pending lines; the touched lines are still known. */
  void settle() {
    for (int i = 0; i < touchedCount; i++) {
      states[touched[i]] = TOUCHED;
    }
    stagedCount = 0;
  }

  void clear() {
    for (int i = 0; i < touchedCount; i++) {
      states[touched[i]] = 0;
    }
    touchedCount = 0;
    stagedCount = 0;
  }
}
