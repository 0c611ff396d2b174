/** What every command shares: streams, exit codes, and how bytes, sizes and JSON are printed. */
package io.lode.cli.console;
