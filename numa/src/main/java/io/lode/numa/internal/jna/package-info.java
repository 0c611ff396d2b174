/** C signatures, one to one. The only package of this module that knows JNA. */
package io.lode.numa.internal.jna;
