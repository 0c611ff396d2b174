/** {@code lode bench}, as far as it is in this program. */
package io.lode.cli.bench;
