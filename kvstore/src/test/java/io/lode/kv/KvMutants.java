package io.lode.kv;

import io.lode.crashtest.CrashTest;
import io.lode.crashtest.Mutant;
import io.lode.crashtest.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The faults to plant in the store, with the subject that makes each of them matter: those that the
 * checker finds at call sites, and those of whole methods.
 *
 * @param subject what the store is driven by
 * @param altered what is changed before, so that the fault can show
 * @param planted the faults
 */
record KvMutants(
    Class<? extends Subject<?, ?>> subject, List<Mutant> altered, List<Mutant> planted) {
  private static final String LOG = "io.lode.log.";
  private static final String POOL = "io.lode.pool.";
  private static final String KV = "io.lode.kv.";

  /** All keys have one hash: only comparing keys tells them apart. */
  static final Mutant COLLIDING = Mutant.returning(LOG + "KeyHash", "of", 7);

  /** Finds all faults. */
  static List<KvMutants> all() {
    List<Mutant> small = test(KvSubject.class, List.of()).mutants();
    Set<String> known = new HashSet<>(small.stream().map(Mutant::name).toList());
    List<Mutant> rolling =
        test(KvRollSubject.class, List.of()).mutants().stream()
            .filter(mutant -> known.add(mutant.name()))
            .toList();
    return List.of(
        new KvMutants(KvSubject.class, List.of(), both(small, ofMethods())),
        new KvMutants(KvRollSubject.class, List.of(), both(rolling, ofRollingMethods())),
        new KvMutants(
            KvForgedSubject.class,
            List.of(),
            List.of(Mutant.returning(LOG + "LogFormat", "salt", 0))),
        new KvMutants(
            KvSubject.class,
            List.of(COLLIDING),
            List.of(
                Mutant.returning(KV + "Records", "isOfKey", 1),
                Mutant.returning(KV + "Records", "areOfOneKey", 1))));
  }

  private static List<Mutant> both(List<Mutant> first, List<Mutant> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** The test of a subject with all packages of the store. */
  static CrashTest test(Class<? extends Subject<?, ?>> subject, List<Mutant> altered) {
    return CrashTest.of(subject)
        .packages("io.lode.log", "io.lode.pool", "io.lode.store")
        .altered(altered.toArray(Mutant[]::new));
  }

  private static List<Mutant> ofMethods() {
    return List.of(
        Mutant.returning(POOL + "Checksum", "of", 0),
        Mutant.returning(LOG + "SegmentScanner", "nextGroup", -1),
        Mutant.emptied(LOG + "SegmentWriter", "persistAccepted"),
        Mutant.emptied(LOG + "Log", "start"),
        Mutant.emptied(POOL + "Pool", "own"),
        Mutant.emptied(POOL + "DeviceHeaders", "write"),
        Mutant.returning(POOL + "DeviceHeaders", "revision", 0),
        Mutant.emptied(POOL + "SegmentHeader", "write"),
        Mutant.returning(POOL + "DeviceHeader", "isClean", 1),
        Mutant.returning(POOL + "Pool", "promisedSequence", 0),
        Mutant.returning(POOL + "SegmentHeader", "isFree", 1),
        Mutant.returning(LOG + "RecordReader", "sequence", 1),
        Mutant.returning(KV + "Records", "isOfKey", 0),
        Mutant.returning(KV + "Records", "areOfOneKey", 0));
  }

  private static List<Mutant> ofRollingMethods() {
    return List.of(
        Mutant.emptied(LOG + "SegmentWriter", "seal"),
        Mutant.returning(LOG + "SegmentWriter", "hasRoom", 1));
  }
}
