/** The command's own calls of the C library; no other package of it uses JNA. */
package io.lode.cli.internal.jna;
