/** {@code lode info}: what a path is as persistent memory. */
package io.lode.cli.info;
