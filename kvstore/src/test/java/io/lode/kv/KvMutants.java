package io.lode.kv;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.Subject;
import io.lode.journal.JournalSubject;
import io.lode.journal.RecordFaults;
import io.lode.pool.HeaderFaults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The faults to plant in the store, with what shows them and the subject that makes each of them
 * matter: those that the checker finds at call sites, and those of whole methods.
 *
 * @param seen what is tried
 * @param subject what the store is driven by
 * @param altered what is changed before, so that the fault can show
 * @param planted the faults
 */
record KvMutants(
    Seen seen, Class<? extends Subject<?, ?>> subject, List<Mutant> altered, List<Mutant> planted) {
  /** What a fault shows in. */
  enum Seen {
    BY_CRASHES,
    BY_CRASHES_OF_THREE,
    BY_DAMAGE,
    BY_FAILURES,
    BY_THREADS
  }

  private static final int PROGRAM_LENGTH = 12;
  private static final int IMAGES = 3000;

  /** The same in every run: whether a fault is noticed must not depend on luck. */
  private static final long SEED = 7;

  private static final String JOURNAL = "io.lode.journal.";
  private static final String POOL = "io.lode.pool.";
  private static final String KV = "io.lode.kv.";
  private static final String INDEX = "io.lode.kv.index.";

  /** All keys have one hash: only comparing keys tells them apart. */
  static final Mutant COLLIDING = Mutant.returning(JOURNAL + "KeyHash", "of", 7);

  /** Checksums of 8 bits. */
  static final Mutant SHORT_CHECKSUMS = Mutant.masked(POOL + "Checksum", "and", 0xFF);

  /** Finds all faults. */
  static List<KvMutants> all() {
    List<Mutant> small = test(KvSubject.class, List.of()).mutants();
    Set<String> known = new HashSet<>(small.stream().map(Mutant::name).toList());
    List<Mutant> rolling =
        test(KvRollSubject.class, List.of()).mutants().stream()
            .filter(mutant -> known.add(mutant.name()))
            // Only seals persist so. Without a whole summary a segment is read group by group: no
            // crash shows the loss of the fence.
            .filter(mutant -> !mutant.name().startsWith("drop-fence@Segment.persist:"))
            .toList();
    return List.of(
        new KvMutants(Seen.BY_CRASHES, KvSubject.class, List.of(), both(small, ofMethods())),
        new KvMutants(
            Seen.BY_CRASHES,
            KvRollSubject.class,
            List.of(),
            both(
                rolling,
                List.of(
                    Mutant.returning(JOURNAL + "SegmentWriter", "hasRoom", 1)
                        .named("no-room-check")))),
        new KvMutants(Seen.BY_CRASHES, JournalSubject.class, List.of(), ofGroups()),
        new KvMutants(
            Seen.BY_CRASHES,
            KvReusedSubject.class,
            List.of(),
            List.of(
                Mutant.parameter(JOURNAL + "JournalFormat", "use", 0, 0).named("no-salt-by-pool"))),
        new KvMutants(
            Seen.BY_CRASHES,
            KvForgedSubject.class,
            List.of(Mutant.returning(JOURNAL + "JournalFormat", "tag", 0)),
            List.of(Mutant.returning(JOURNAL + "JournalFormat", "salt", 0))),
        new KvMutants(
            Seen.BY_CRASHES,
            KvSubject.class,
            List.of(COLLIDING),
            List.of(
                Mutant.returning(KV + "KeyRecords", "matches", 1),
                Mutant.returning(KV + "KeyRecords", "areOfOneKey", 1))),
        new KvMutants(Seen.BY_DAMAGE, KvSubject.class, List.of(), ofFields()),
        new KvMutants(
            Seen.BY_DAMAGE,
            KvManyKeysSubject.class,
            List.of(),
            List.of(
                Mutant.parameter(JOURNAL + "JournalFormat", "salt", 1, 0)
                    .named("no-salt-by-position"))),
        new KvMutants(Seen.BY_DAMAGE, KvRollSubject.class, List.of(), ofSummaries()),
        new KvMutants(
            Seen.BY_FAILURES,
            KvSubject.class,
            List.of(),
            List.of(Mutant.emptied(JOURNAL + "Journal", "requireSound").named("poison-forgotten"))),
        new KvMutants(
            Seen.BY_CRASHES_OF_THREE,
            KvGrowSubject.class,
            List.of(),
            List.of(
                Mutant.emptied(POOL + "Segment", "format").named("new-segments-without-headers"))),
        new KvMutants(Seen.BY_CRASHES_OF_THREE, KvCleanSubject.class, List.of(), ofCleaning()),
        new KvMutants(
            Seen.BY_THREADS,
            KvLanesSubject.class,
            List.of(),
            List.of(Mutant.unlocked(KV + "Stripes"))));
  }

  private static List<Mutant> both(List<Mutant> first, List<Mutant> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** The test of a subject with all packages of the store. */
  static CrashTest test(Class<? extends Subject<?, ?>> subject, List<Mutant> altered) {
    return CrashTest.of(subject)
        .packages("io.lode.kv", "io.lode.journal", "io.lode.pool", "io.lode.store")
        .altered(altered.toArray(Mutant[]::new));
  }

  String title() {
    return subject.getSimpleName()
        + ", seen "
        + seen.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** The test that has to notice each of some of the faults. */
  CrashTest planting(List<Mutant> some) {
    CrashTest test = test(subject, altered).seed(SEED).sequences(0).limit(1000).nestEvery(50, 32);
    return switch (seen) {
      case BY_CRASHES -> test.sequences(2).plant(some, IMAGES);
      case BY_CRASHES_OF_THREE -> test.sequences(3).limit(20).plant(some, 5 * IMAGES);
      case BY_DAMAGE -> test.damage(PROGRAM_LENGTH, 41).plant(some, 0);
      case BY_FAILURES -> test.persistFaults(4, PROGRAM_LENGTH).plant(some, 0);
      case BY_THREADS -> test.interleave(100, 24).plant(some, 0);
    };
  }

  private static List<Mutant> ofMethods() {
    return List.of(
        Mutant.returning(POOL + "Checksum", "and", 0),
        Mutant.emptied(JOURNAL + "SegmentWriter", "persistAccepted"),
        Mutant.emptied(JOURNAL + "Journal", "start"),
        Mutant.emptied(POOL + "Device", "own"),
        Mutant.emptied(POOL + "DeviceHeaders", "write"),
        Mutant.returning(POOL + "DeviceHeaders", "revision", 0),
        Mutant.emptied(POOL + "SegmentHeaders", "write"),
        Mutant.returning(POOL + "DeviceHeader", "isClean", 1),
        Mutant.returning(POOL + "SegmentHeader", "isFree", 1),
        Mutant.returning(JOURNAL + "RecordReader", "sequence", 1),
        Mutant.returning(KV + "KeyRecords", "matches", 0),
        Mutant.returning(KV + "KeyRecords", "areOfOneKey", 0),
        Mutant.returning(INDEX + "HashIndex", "findStaged", 0),
        Mutant.returning(JOURNAL + "RecordKind", "removes", 0)
            .named("tombstone-taken-for-a-value"));
  }

  /** What comes to matter where segments are used again. */
  private static List<Mutant> ofCleaning() {
    return List.of(
        Mutant.returning(KV + "Victims", "othersBirth", 1 << 30).named("delete-dropped-early"),
        Mutant.returning(INDEX + "HashIndex", "holds", 0).named("live-records-dropped"),
        Mutant.returning(JOURNAL + "RecordReader", "sequence", 1 << 30)
            .named("move-beats-a-newer-put"));
  }

  /**
   * What only damage shows: the second witness beside the checksum, and fields of records, device
   * headers and segment headers that it does not cover. Not among them are fields that have one
   * right value, which is checked besides: the tag, epoch and count of a group, and a record's
   * flags; a record's lengths, by which its key and value are found, which have a checksum of their
   * own; and a device header's flags, revision and last sequence, of which the other copy is the
   * witness.
   */
  private static List<Mutant> ofFields() {
    List<Mutant> all = new ArrayList<>();
    all.add(Mutant.returning(JOURNAL + "SegmentScanner", "nextGroup", -1));
    all.add(Mutant.emptied(JOURNAL + "JournalScan", "requireEnd"));
    all.addAll(List.of(RecordFaults.ofRecords()));
    all.addAll(List.of(HeaderFaults.all()));
    return all;
  }

  /**
   * A summary that is missing, a wrong position in it, and a record of another segment are seen by
   * a second witness each: the birth of the next segment, the record's own checksum, and sequences.
   * That a sealed segment names its loss instead of refusing is shown by {@code
   * KvStoreDamageTest.damageInASealedSegmentNeverUncoversAnOlderVersion}.
   */
  private static List<Mutant> ofSummaries() {
    return List.of(RecordFaults.ofSummaries());
  }

  /**
   * Several records in a group. That only a first record starts a group, and that group sequence
   * and epoch do not fall, are second witnesses: a group that is not whole is none. They and the
   * generation come to matter alone when segments are used again.
   */
  private static List<Mutant> ofGroups() {
    return List.of(
        Mutant.returning(JOURNAL + "SegmentScanner", "areThere", 1).named("groups-not-atomic"));
  }
}
