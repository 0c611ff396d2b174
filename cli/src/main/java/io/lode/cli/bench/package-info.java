/** {@code lode bench}, to the extent that it is part of this program. */
package io.lode.cli.bench;
