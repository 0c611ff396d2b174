package io.lode.pmem;

import static io.lode.pmem.SystemFixture.failure;
import static io.lode.pmem.SystemFixture.fileOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmReservationTest {
  private static final long PAGE = 4096;
  private static final long SIZE = 16 * PAGE;
  private static final MapConfig CONFIG = MapConfig.of(Granularity.PAGE);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init")
  private Source source;

  @SuppressWarnings("NullAway.Init")
  private VmReservation reservation;

  @BeforeEach
  void reserve() throws IOException {
    source = Source.of(fileOf(folder, "file", (int) SIZE));
    reservation = VmReservation.of(SIZE);
  }

  @AfterEach
  void end() {
    while (reservation.first().isPresent()) {
      reservation.first().get().close();
    }
    reservation.close();
    source.close();
  }

  private PmemMap page(long index) {
    return CONFIG.offset(index * PAGE).length(PAGE).in(reservation, index * PAGE).map(source);
  }

  private static PmemError error(Runnable action) {
    return failure(action).error();
  }

  @Test
  void mapsStandWhereTheyWerePut() {
    try (PmemMap first = page(0);
        PmemMap third = page(2)) {
      assertThat(first.segment().address()).isEqualTo(reservation.address());
      assertThat(third.segment().address()).isEqualTo(reservation.address() + 2 * PAGE);
      assertThat(reservation.first()).containsSame(first);
      assertThat(reservation.last()).containsSame(third);
      assertThat(reservation.next(first)).containsSame(third);
      assertThat(reservation.previous(third)).containsSame(first);
      assertThat(reservation.next(third)).isEmpty();
      assertThat(reservation.previous(first)).isEmpty();
      assertThat(reservation.find(0, SIZE)).containsSame(first);
      assertThat(reservation.find(PAGE, SIZE - PAGE)).containsSame(third);
      assertThat(reservation.find(PAGE, PAGE)).isEmpty();
      assertThat(reservation.find(3 * PAGE - 1, 1)).containsSame(third);
    }
    assertThat(reservation.first()).isEmpty();
  }

  @Test
  void mapsReachTheFile() throws IOException {
    try (PmemMap map = page(1)) {
      map.fill(0, PAGE, (byte) 5, CopyFlags.NONE);
    }
    assertThat(Files.readAllBytes(folder.resolve("file"))[(int) PAGE]).isEqualTo((byte) 5);
  }

  @Test
  void takenPlacesAreRefusedAndClosedOnesAreFree() {
    List<PmemMap> maps = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      maps.add(page(i));
    }
    assertThat(error(() -> page(3))).isEqualTo(PmemError.MAPPING_EXISTS);
    assertThat(error(() -> CONFIG.in(reservation, 0).map(source)))
        .isEqualTo(PmemError.MAPPING_EXISTS);
    for (int i = 0; i < 16; i += 2) {
      maps.get(i).close();
      maps.set(i, page(i));
    }
    maps.forEach(PmemMap::close);
    CONFIG.in(reservation, 0).map(source).close();
  }

  @Test
  void checksAreLibpmem2s() {
    assertThat(error(() -> CONFIG.length(PAGE).in(reservation, 1).map(source)))
        .isEqualTo(PmemError.OFFSET_UNALIGNED);
    assertThat(error(() -> CONFIG.in(reservation, PAGE).map(source)))
        .isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
    assertThat(error(() -> CONFIG.length(PAGE).in(reservation, 100 * PAGE).map(source)))
        .isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
    assertThat(error(() -> VmReservation.of(PAGE - 1))).isEqualTo(PmemError.LENGTH_UNALIGNED);
    assertThat(error(() -> VmReservation.at(PAGE + 1, PAGE)))
        .isEqualTo(PmemError.ADDRESS_UNALIGNED);
    assertThat(error(() -> VmReservation.at(reservation.address(), SIZE)))
        .isEqualTo(PmemError.MAPPING_EXISTS);
    assertThat(error(() -> VmReservation.at(reservation.address() + SIZE - PAGE, SIZE)))
        .isEqualTo(PmemError.MAPPING_EXISTS);
    assertThatThrownBy(() -> VmReservation.of(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthsThatOverflowWhenRoundedAreOutOfRange() {
    try (Source endless = Source.anonymous(Long.MAX_VALUE);
        PmemMap map = page(0)) {
      assertThat(error(() -> CONFIG.in(reservation, PAGE).map(endless)))
          .isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
      assertThat(reservation.find(0, Long.MAX_VALUE)).containsSame(map);
      assertThat(reservation.find(Long.MAX_VALUE, 0)).isEmpty();
    }
  }

  @Test
  void emptyRangesStandForTheirFirstByte() {
    try (PmemMap map = page(1)) {
      assertThat(reservation.find(PAGE, 0)).containsSame(map);
      assertThat(reservation.find(2 * PAGE - 1, 0)).containsSame(map);
      assertThat(reservation.find(2 * PAGE, 0)).isEmpty();
      assertThat(error(() -> CONFIG.offset(SIZE).in(reservation, PAGE).map(source)))
          .isEqualTo(PmemError.MAPPING_EXISTS);
      assertThat(failure(() -> CONFIG.offset(SIZE).in(reservation, 0).map(source)).errno())
          .hasValue(22);
      assertThat(reservation.first()).containsSame(map);
    }
  }

  @Test
  void refusedGranularityLeavesThePlaceUsable() {
    MapConfig finer = MapConfig.of(Granularity.BYTE).length(PAGE);
    assertThat(error(() -> finer.in(reservation, 4 * PAGE).map(source)))
        .isEqualTo(PmemError.GRANULARITY_NOT_SUPPORTED);
    try (PmemMap all = CONFIG.in(reservation, 0).map(source)) {
      assertThat(all.size()).isEqualTo(SIZE);
    }
  }

  @Test
  void shrinksAtEitherEnd() {
    long start = reservation.address();
    assertThat(error(() -> reservation.shrink(1, PAGE))).isEqualTo(PmemError.OFFSET_UNALIGNED);
    assertThat(error(() -> reservation.shrink(0, 1))).isEqualTo(PmemError.LENGTH_UNALIGNED);
    assertThat(error(() -> reservation.shrink(SIZE, PAGE)))
        .isEqualTo(PmemError.OFFSET_OUT_OF_RANGE);
    assertThat(error(() -> reservation.shrink(0, 0))).isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
    assertThat(error(() -> reservation.shrink(PAGE, SIZE)))
        .isEqualTo(PmemError.LENGTH_OUT_OF_RANGE);
    assertThat(error(() -> reservation.shrink(PAGE, PAGE))).isEqualTo(PmemError.NOSUPP);
    assertThat(error(() -> reservation.shrink(0, SIZE))).isEqualTo(PmemError.NOSUPP);
    try (PmemMap last = page(15)) {
      assertThat(last.size()).isEqualTo(PAGE);
      assertThat(error(() -> reservation.shrink(SIZE - PAGE, PAGE)))
          .isEqualTo(PmemError.VM_RESERVATION_NOT_EMPTY);
      assertThat(error(reservation::close)).isEqualTo(PmemError.VM_RESERVATION_NOT_EMPTY);
    }
    reservation.shrink(0, PAGE);
    reservation.shrink(SIZE - 2 * PAGE, PAGE);
    assertThat(reservation.address()).isEqualTo(start + PAGE);
    assertThat(reservation.sizeBytes()).isEqualTo(SIZE - 2 * PAGE);
    reservation.extend(PAGE);
    assertThat(reservation.sizeBytes()).isEqualTo(SIZE - PAGE);
    assertThat(error(() -> reservation.extend(1))).isEqualTo(PmemError.LENGTH_UNALIGNED);
    try (VmReservation neighbour =
        VmReservation.at(reservation.address() + reservation.sizeBytes(), PAGE)) {
      assertThat(neighbour.sizeBytes()).isEqualTo(PAGE);
      assertThat(error(() -> reservation.extend(PAGE))).isEqualTo(PmemError.MAPPING_EXISTS);
    }
  }

  @Test
  void endedReservationIsAnIllegalState() {
    VmReservation ended = VmReservation.of(PAGE);
    ended.close();
    ended.close();
    assertThatThrownBy(ended::address).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> CONFIG.length(PAGE).in(ended, 0).map(source))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void mapOfAnotherPlaceIsNotFound() {
    try (PmemMap elsewhere = CONFIG.map(source)) {
      assertThat(error(() -> reservation.next(elsewhere))).isEqualTo(PmemError.MAPPING_NOT_FOUND);
    }
  }

  @Test
  void endedReservationLeavesNothingBehind() {
    for (int i = 0; i < 1000; i++) {
      try (VmReservation again = VmReservation.of(SIZE)) {
        long start = again.address();
        CONFIG.in(again, 0).map(source).close();
        assertThat(start).isPositive();
      }
    }
    VmReservation first = VmReservation.of(PAGE);
    long start = first.address();
    first.close();
    VmReservation.at(start, PAGE).close();
  }

  @Test
  void manyThreadsMapAndUnmap() throws InterruptedException {
    Thread[] threads = new Thread[4];
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < threads.length; t++) {
      long index = t * 4L;
      threads[t] =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> failures.add(e))
              .start(() -> {
                for (int i = 0; i < 200; i++) {
                  try (PmemMap map = page(index + i % 4)) {
                    map.segment().fill((byte) i);
                  }
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }
}
