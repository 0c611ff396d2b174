package io.lode.probe;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** Runs cases on libpmem2. */
final class Libpmem2Side implements DifferentialProbe.Side {
  private static final int PIECE_BYTES = 6000;
  private static final List<String> GRANULARITIES = List.of("BYTE", "CACHE_LINE", "PAGE");
  private final LibPmem2 lib = Native.load("libpmem2.so.1", LibPmem2.class);

  @Override
  public ReservationScript.Side reservations(String path) {
    return new Libpmem2Reservations(lib, path);
  }

  @Override
  public String outcome(DifferentialProbe.Case c) {
    if (c.source().startsWith("anon:")) {
      long[] source = new long[1];
      int code = lib.pmem2_source_from_anon(source, Long.parseLong(c.source().substring(5)));
      return code != 0 ? "source " + code : withSource(source, c);
    }
    return Descriptors.with(
        c.source(),
        fd -> {
          long[] source = new long[1];
          int code = lib.pmem2_source_from_fd(source, fd);
          return code != 0 ? "source " + code : withSource(source, c);
        });
  }

  private String withSource(long[] source, DifferentialProbe.Case c) {
    long[] size = new long[1];
    long[] alignment = new long[1];
    int[] node = {-77};
    int sizeCode = lib.pmem2_source_size(source[0], size);
    int alignmentCode = lib.pmem2_source_alignment(source[0], alignment);
    int nodeCode = lib.pmem2_source_numa_node(source[0], node);
    String result =
        "size "
            + (sizeCode == 0 ? size[0] : sizeCode)
            + " alignment "
            + (alignmentCode == 0 ? alignment[0] : alignmentCode)
            + " node "
            + (nodeCode == 0 ? node[0] : nodeCode)
            + medium(source[0], sizeCode == 0 ? size[0] : 0)
            + " map "
            + map(source[0], c);
    lib.pmem2_source_delete(source);
    return result;
  }

  private String medium(long source, long size) {
    long[] count = new long[1];
    int countCode = lib.pmem2_source_device_usc(source, count);
    byte[] piece = new byte[(int) Math.min(size, PIECE_BYTES)];
    int readCode = lib.pmem2_source_pread_mcsafe(source, piece, piece.length, 0);
    CRC32C crc = new CRC32C();
    crc.update(piece);
    int beyond = 10;
    int beyondCode =
        lib.pmem2_source_pread_mcsafe(source, new byte[beyond], beyond, Math.max(0, size - 1));
    return " usc "
        + (countCode == 0 ? count[0] : countCode)
        + " id "
        + id(source)
        + " bad "
        + badBlocks(source)
        + " read "
        + (readCode == 0 ? Long.toHexString(crc.getValue()) : Integer.toString(readCode))
        + " beyond "
        + beyondCode;
  }

  private String id(long source) {
    long[] length = new long[1];
    int code = lib.pmem2_source_device_id(source, null, length);
    if (code != 0) {
      return Integer.toString(code);
    }
    byte[] id = new byte[(int) length[0]];
    code = lib.pmem2_source_device_id(source, id, length);
    return code != 0 ? Integer.toString(code) : Native.toString(id);
  }

  private String badBlocks(long source) {
    long[] context = new long[1];
    int code = lib.pmem2_badblock_context_new(context, source);
    if (code != 0) {
      return Integer.toString(code);
    }
    // It lists them in device order.
    Map<Long, String> blocks = new TreeMap<>();
    long[] block = new long[2];
    while (lib.pmem2_badblock_next(context[0], block) == 0) {
      blocks.put(block[0], block[0] + "+" + block[1]);
    }
    lib.pmem2_badblock_context_delete(context);
    return String.join(",", blocks.values());
  }

  private String map(long source, DifferentialProbe.Case c) {
    long[] config = new long[1];
    lib.pmem2_config_new(config);
    try {
      int code =
          lib.pmem2_config_set_required_store_granularity(
              config[0], GRANULARITIES.indexOf(c.granularity()));
      code = code != 0 ? code : lib.pmem2_config_set_offset(config[0], c.offset());
      code = code != 0 ? code : lib.pmem2_config_set_length(config[0], c.length());
      code =
          code != 0
              ? code
              : lib.pmem2_config_set_sharing(config[0], c.sharing().equals("SHARED") ? 0 : 1);
      code = code != 0 ? code : lib.pmem2_config_set_protection(config[0], protection(c.access()));
      long[] map = new long[1];
      code = code != 0 ? code : lib.pmem2_map_new(map, config[0], source);
      return code != 0 ? Integer.toString(code) : describe(map, c.access());
    } finally {
      lib.pmem2_config_delete(config);
    }
  }

  private static int protection(String access) {
    int read = 1 << 30;
    int write = 1 << 31;
    return switch (access) {
      case "READ_WRITE" -> read | write;
      case "READ" -> read;
      default -> 0;
    };
  }

  private String describe(long[] map, String access) {
    long address = lib.pmem2_map_get_address(map[0]);
    long size = lib.pmem2_map_get_size(map[0]);
    String content = "";
    if (!access.equals("NONE")) {
      byte[] head = new Pointer(address).getByteArray(0, (int) Math.min(size, 1 << 16));
      CRC32C crc = new CRC32C();
      crc.update(head);
      content = Long.toHexString(crc.getValue());
    }
    String result =
        "ok size "
            + size
            + " granularity "
            + GRANULARITIES.get(lib.pmem2_map_get_store_granularity(map[0]))
            + " aligned "
            + (address % (size >= 2L << 30 ? 1 << 30 : 2 << 20) == 0)
            + " content "
            + content;
    int deep = lib.pmem2_deep_flush(map[0], address, size);
    return result + " deep " + deep + " delete " + lib.pmem2_map_delete(map);
  }
}
