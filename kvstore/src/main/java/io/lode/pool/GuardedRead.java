package io.lode.pool;

import io.lode.pmem.PmemMap;
import java.lang.foreign.MemorySegment;

/**
 * Copies out of a mapping that survive unreadable pages: a bad block, a hole without space, a file
 * truncated by somebody else.
 *
 * <p>Such a page makes the JVM throw an {@link InternalError}, but compiled code delivers it late:
 * at the next return from native code, which may lie outside the {@code try}. So every copy here
 * ends with an ordinary native call inside the {@code try}.
 */
public final class GuardedRead {
  private static final long PAGE_BYTES = 4096;

  private GuardedRead() {}

  /**
   * Copies a range that is expected to be readable.
   *
   * @param map where to read
   * @param offset first byte, from the start of the map
   * @param target heap memory to fill
   * @param targetOffset first byte to fill
   * @param length bytes
   * @return false if some of it cannot be read; the target then holds nothing of meaning
   */
  public static boolean copy(
      PmemMap map, long offset, MemorySegment target, long targetOffset, long length) {
    try {
      MemorySegment.copy(map.segment(), offset, target, targetOffset, length);
      deliverPendingFault();
      return true;
    } catch (InternalError _) {
      discardPendingFaults();
      return false;
    }
  }

  /**
   * Copies a range page by page, so that one bad page hides no more than itself. What cannot be
   * read is zero in the target, which no checksum accepts.
   *
   * @param map where to read
   * @param offset first byte, from the start of the map
   * @param target heap memory to fill
   * @param targetOffset first byte to fill
   * @param length bytes
   * @return how many bytes could not be read
   */
  public static long copySkippingBadPages(
      PmemMap map, long offset, MemorySegment target, long targetOffset, long length) {
    if (copy(map, offset, target, targetOffset, length)) {
      return 0;
    }
    long lostBytes = 0;
    long done = 0;
    while (done < length) {
      long toPageEnd = PAGE_BYTES - (offset + done) % PAGE_BYTES;
      long part = Math.min(length - done, toPageEnd);
      if (!copy(map, offset + done, target, targetOffset + done, part)) {
        target.asSlice(targetOffset + done, part).fill((byte) 0);
        lostBytes += part;
      }
      done += part;
    }
    return lostBytes;
  }

  /**
   * Makes an error that is pending for this thread be thrown here, inside the caller's {@code try}:
   * any call of ordinary native code does that. This one gives nothing up: on a busy machine {@link
   * Thread#yield} would cost a turn of every thread that waits for the processor.
   *
   * @throws InternalError if an access before this one met an unreadable page
   */
  public static void deliverPendingFault() {
    boolean _ = Thread.holdsLock(GuardedRead.class);
  }

  /**
   * Forgets the errors that are still pending for this thread: when several accesses met unreadable
   * pages there is one for each, and the handler of the first has been told enough.
   */
  public static void discardPendingFaults() {
    boolean delivered = true;
    while (delivered) {
      try {
        deliverPendingFault();
        delivered = false;
      } catch (InternalError _) {
        // There may be another one.
      }
    }
  }
}
