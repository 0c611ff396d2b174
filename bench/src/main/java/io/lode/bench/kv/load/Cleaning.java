package io.lode.bench.kv.load;

import io.lode.bench.kv.store.Reclaiming;
import io.lode.bench.kv.store.Session;
import io.lode.bench.kv.store.Subject;
import io.lode.bench.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Overwrites the entries of a store that has to use space again to hold them: after the pool's size
 * was written once, for ten times its size or as long as there is time, then with each call timed.
 */
final class Cleaning {
  private static final int POOLS = 10;
  private static final int FIRST_PART = 256;
  private static final long LEAST_PART_NANOS = 20_000_000;

  private final Plan plan;
  private final Crew crew;
  private final Consumer<Object> tell;
  private final long limitBytes;
  private final long entryBytes;
  private boolean isTold;

  /** The store does not hold its entries within the limit. */
  private static final class FullException extends Exception {
    private static final long serialVersionUID = 1;

    FullException(String message) {
      super(message);
    }
  }

  Cleaning(Plan plan, Crew crew, Consumer<Object> tell) {
    this.plan = plan;
    this.crew = crew;
    this.tell = tell;
    this.limitBytes = plan.effort().cleaningBytes();
    this.entryBytes = (long) plan.profile().keyBytes() + plan.profile().valueBytes();
  }

  void run(boolean isReclaiming) throws Exception {
    for (CleaningCase each : CleaningCase.all(isReclaiming)) {
      try (RunFolder folder = RunFolder.in(Path.of(plan.folder()));
          Subject subject = plan.rival().open(folder.path(), each.sizing(plan))) {
        if (!isTold) {
          tell.accept(
              new OpenReport(subject.durability(), 0, 0, 0, 0, ProcessHandle.current().pid()));
          isTold = true;
        }
        tell.accept(
            subject.reclaiming().isEmpty()
                ? CleaningResult.without(each, false, "not set up to hold a limit")
                : result(each, subject, folder.path()));
      }
    }
  }

  private CleaningResult result(CleaningCase of, Subject subject, Path folder) throws Exception {
    Reclaiming reclaiming = subject.reclaiming().orElseThrow();
    try {
      return measured(of, subject, reclaiming, folder);
    } catch (Exception failure) {
      Optional<Throwable> full =
          Stream.<Throwable>iterate(failure, one -> one != null, Throwable::getCause)
              .filter(one -> one instanceof FullException || reclaiming.isFull().test(one))
              .findFirst();
      return CleaningResult.without(
          of, true, "Full: " + full.orElseThrow(() -> failure).getMessage());
    }
  }

  private CleaningResult measured(
      CleaningCase of, Subject subject, Reclaiming reclaiming, Path folder) throws Exception {
    int entries = of.entries(plan.profile(), limitBytes);
    List<Client> clients = new ArrayList<>();
    try {
      for (int number = 0; number < crew.size(); number++) {
        int each = number;
        clients.add(crew.on(each, () -> client(subject, entries, each)));
      }
      return measured(of, clients, reclaiming, folder);
    } finally {
      for (int number = 0; number < clients.size(); number++) {
        Client client = clients.get(number);
        crew.on(number, () -> closed(client));
      }
    }
  }

  private CleaningResult measured(
      CleaningCase of, List<Client> clients, Reclaiming reclaiming, Path folder) throws Exception {
    IntFunction<Crew.Step> steps = number -> () -> clients.get(number).overwrite(of.isSkewed());
    long poolCalls = limitBytes / entryBytes / crew.size();
    long warmUpNanos = plan.effort().cleaningMillis() * 1_000_000L / 2;
    overwrite(of, steps, poolCalls, warmUpNanos, folder);
    long written = reclaiming.writtenBytes().getAsLong();
    Crew.Slice took = overwrite(of, steps, POOLS * poolCalls, 2 * warmUpNanos, folder);
    // What a slice returns beside its time is the number of calls.
    double calls = (double) took.sink() * crew.size();
    double userBytes = calls * entryBytes;
    double bytes = reclaiming.writtenBytes().getAsLong() - written;
    long interval = (long) (2.0 * took.nanos() / took.sink());
    long timed =
        Math.clamp((long) ((double) warmUpNanos * took.sink() / took.nanos()), 1, poolCalls);
    Latency latency = crew.timed(steps, timed, interval);
    long mediumBytes = requireWithinLimit(of, folder);
    return new CleaningResult(
        of,
        false,
        "",
        calls / took.nanos() * 1e9,
        bytes / userBytes,
        mediumBytes,
        userBytes / limitBytes,
        latency);
  }

  private static Client closed(Client client) {
    client.close();
    return client;
  }

  private Client client(Subject subject, int entries, int number) throws Exception {
    Session session = subject.session();
    if (number == 0) {
      long batch = CleaningCase.segmentBytes(limitBytes) / 4;
      new Filling(plan.profile().data(), session, batch).fill(entries);
    }
    return new Client(session, plan.profile().data(), entries, number, crew.size());
  }

  /** Overwrites in parts, between which it is asked whether the limit is kept. */
  private Crew.Slice overwrite(
      CleaningCase of, IntFunction<Crew.Step> steps, long most, long mostNanos, Path folder)
      throws Exception {
    long part = FIRST_PART;
    long done = 0;
    long nanos = 0;
    while (done < most && nanos < mostNanos) {
      long took = crew.run(steps, part).nanos();
      nanos += took;
      done += part;
      part = Math.min(took < LEAST_PART_NANOS ? 2 * part : part, most - done);
      requireWithinLimit(of, folder);
    }
    return new Crew.Slice(nanos, 0, 0, done);
  }

  private long requireWithinLimit(CleaningCase of, Path folder) throws Exception {
    long bytes = bytes(folder);
    if (of.isReclaiming() && bytes > limitBytes) {
      throw new FullException(
          "its files took %d bytes, above the limit of %d".formatted(bytes, limitBytes));
    }
    return bytes;
  }

  /** Returns the length of all files; one that is deleted meanwhile takes nothing. */
  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
