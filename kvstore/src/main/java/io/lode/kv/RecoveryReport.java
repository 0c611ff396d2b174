package io.lode.kv;

import io.lode.store.Damage;
import io.lode.store.DeviceChange;
import java.util.List;

/**
 * What opening a pool found.
 *
 * @param clean whether the pool had been closed
 * @param entries how many keys have a value
 * @param segments how many segments hold records
 * @param sealedSegments how many of them were read from their summary
 * @param damages parts that are lost, empty unless loss was accepted
 * @param tornTails offsets on the device where a write was in flight when the power went: it had
 *     not been acknowledged and was dropped
 * @param unsafeShutdown whether the device says that it lost power before all that was flushed had
 *     arrived, or is not the one that the pool was on: everything was verified then, but writes
 *     acknowledged after the last version found may be missing
 * @param deviceChanges how the device differs from what the pool knew of it: another namespace,
 *     other modules, an unsafe shutdown, a larger size; told once, but the size each time
 * @param durationNanos how long it took
 */
public record RecoveryReport(
    boolean clean,
    long entries,
    int segments,
    int sealedSegments,
    List<Damage> damages,
    List<Long> tornTails,
    boolean unsafeShutdown,
    List<DeviceChange> deviceChanges,
    long durationNanos) {}
