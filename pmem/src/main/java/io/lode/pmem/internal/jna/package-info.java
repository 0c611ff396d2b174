/** C signatures, one to one. The only package of this module that uses JNA. */
package io.lode.pmem.internal.jna;
