/** {@code lode numa}: the machine's nodes, and commands run on one of them. */
package io.lode.cli.numa;
