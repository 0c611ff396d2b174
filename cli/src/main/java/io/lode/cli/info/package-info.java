/** {@code lode info}: describes a path as persistent memory. */
package io.lode.cli.info;
