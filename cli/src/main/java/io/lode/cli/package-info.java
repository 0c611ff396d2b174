/** The {@code lode} command: start with {@link io.lode.cli.Main}. */
package io.lode.cli;
