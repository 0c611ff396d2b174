/** {@code lode kv}: a key-value store from the command line. */
package io.lode.cli.kv;
