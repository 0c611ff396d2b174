package io.lode.kv;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.lode.crashtest.Operation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The store with a value that holds a record, at a cache line, right in all that a stranger can
 * know: when the head of its own record is lost it must not be taken for one.
 */
final class KvForgedSubject extends KvSubject {
  private static final int LINE_BYTES = 64;
  private static final int HEADER_BYTES = 28;

  @Override
  public List<Operation<KvStore, Map<String, String>>> operations() {
    return List.of(put("a", "1"), put("f", forged()), Operation.reopen());
  }

  private static String forged() {
    int keyOfHolder = 1;
    int padding = LINE_BYTES - HEADER_BYTES - keyOfHolder;
    return "-".repeat(padding) + new String(record(), ISO_8859_1);
  }

  private static byte[] record() {
    ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + 2).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(0).putShort((short) 1).put((byte) 1).put((byte) 1); // check, key, kind, flags
    record.putLong(1000).putInt(1).putInt(0).putInt(1); // sequence, value, tag, epoch
    record.put((byte) 'z').put((byte) '!');
    record.putInt(0, checksum(record.array(), HEADER_BYTES, 2));
    return record.putInt(0, checksum(record.array(), 0, HEADER_BYTES)).array();
  }

  private static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
