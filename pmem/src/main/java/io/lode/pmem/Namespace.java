package io.lode.pmem;

import java.util.Optional;
import java.util.UUID;

/**
 * A namespace of a persistent memory region: what {@code ndctl create-namespace} makes, and what a
 * file system or a devdax device is on.
 *
 * <p>Its uuid is what to remember it by. The kernel numbers devices anew whenever a region is
 * enabled, so {@code dax0.1}, {@code pmem0.1} and {@code namespace0.1} may be another namespace
 * after the next start; the uuid is made with the namespace, stays while it exists, and is another
 * one when a namespace is made anew over the same bytes or in another mode.
 *
 * @param device the kernel's name for it now, {@code namespace0.1}, as {@code ndctl list} prints
 *     {@code dev}
 * @param name the name that its maker gave it with {@code ndctl create-namespace -n}; need not be
 *     unique
 * @param uuid its uuid, as {@code ndctl list} prints it
 */
public record Namespace(String device, Optional<String> name, UUID uuid) {}
