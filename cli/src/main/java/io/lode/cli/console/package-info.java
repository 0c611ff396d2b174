/** Shared by all commands: streams, exit codes, and the printing of bytes, sizes and JSON. */
package io.lode.cli.console;
