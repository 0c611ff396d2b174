package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import java.util.List;

/**
 * What is known of a store beside its figures.
 *
 * @param rival which
 * @param title its name
 * @param version of its jar
 * @param jvmOptions the options that it needs
 * @param durability what has happened when a put returns; why it could not be opened if it could
 *     not
 * @param dramBytesPerEntry bytes on the heap per entry, and what the store says that it holds off
 *     the heap
 * @param mediumBytesPerEntry bytes of the medium per entry after filling
 */
public record StoreFacts(
    Rival rival,
    String title,
    String version,
    List<String> jvmOptions,
    String durability,
    double dramBytesPerEntry,
    double mediumBytesPerEntry) {}
