/** The command's own calls of the C library; nothing else of it touches JNA. */
package io.lode.cli.internal.jna;
