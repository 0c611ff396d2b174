package io.lode.bench.kv;

import io.lode.bench.kv.store.Rival;
import java.util.List;

/**
 * What is known of a store beside its figures.
 *
 * @param rival which
 * @param title its name
 * @param version of its jar
 * @param jvmOptions the flags that it needs
 * @param durability what has happened when a put returns; why it could not be opened if it could
 *     not
 * @param dramBytesPerEntry what the heap holds for an entry, and what the store tells that it holds
 *     off the heap
 * @param mediumBytesPerEntry what an entry takes of the medium after filling
 */
public record StoreFacts(
    Rival rival,
    String title,
    String version,
    List<String> jvmOptions,
    String durability,
    double dramBytesPerEntry,
    double mediumBytesPerEntry) {}
