/*
 * Persist routines for x86-64, System V calling convention. Only registers that a callee may
 * change are used; there is no data, no relocation and no reference outside this file, so the bytes
 * run at any address.
 *
 *   flush_I     (cell, offset, length, control)                             write back lines with I
 *   copy_I      (cell, offset, source, sourceOffset, length, control)       store, write back with I
 *   copy_nt_I   (same)              whole lines around the caches, and a last part too if it begins a
 *                                   line and is a multiple of 4 bytes; other parts as copy_I
 *   fill_I, fill_nt_I (cell, offset, length, value, control)                the same with one byte
 *   drain       ()                                                          sfence
 *   prefetch    (address, lines)                fetch lines from any address on, readable or not
 *   cpu_features()                  bit 0 clflush, 1 clflushopt, 2 clwb; bits 8-15 line size / 8
 *
 * A cell is 8 bytes that hold the map's address, or 0 once the map is closed. Every routine that takes
 * one reads it first, and returns 1 without touching anything if it is 0; else it returns 0. A
 * caller may pass more arguments: they are not looked at.
 *
 * I is clwb, clflushopt, clflush or none. Bit 0 of control asks for an sfence at the end; the other
 * bits are for CPUs whose line size varies and are ignored here, where it is 64.
 *
 * Copies may overlap. Every word of 8 bytes that is aligned in the destination and lies wholly in
 * the range is written by one store of at least 8 bytes. Nothing outside the two ranges is touched.
 */
        .text

        .macro  write_back insn, address
        .ifnc   \insn, none
        \insn   \address
        .endif
        .endm

        .macro  open_map
        movq    (%rdi), %rdi
        testq   %rdi, %rdi
        jz      .Lclosed
        .endm

        /* Ends a routine; control is in the register given. */
        .macro  finish control
        testb   $1, \control
        jz      .Lunfenced\@
        sfence
.Lunfenced\@:
        xorl    %eax, %eax
        ret
        .endm

        .p2align 4
.Lclosed:
        movl    $1, %eax
        ret

/* Copies ecx bytes (1 to 63) upwards and leaves rsi and rdi behind them. Changes rax, rcx, r11. */
        .p2align 4
.Lcopy_part_up:
        movl    %edi, %eax
        negl    %eax
        andl    $7, %eax                /* bytes up to the next aligned word */
        cmpl    %ecx, %eax
        cmoval  %ecx, %eax
        subl    %eax, %ecx
        testb   $1, %al
        jz      1f
        movzbl  (%rsi), %r11d
        movb    %r11b, (%rdi)
        incq    %rsi
        incq    %rdi
1:      testb   $2, %al
        jz      2f
        movzwl  (%rsi), %r11d
        movw    %r11w, (%rdi)
        addq    $2, %rsi
        addq    $2, %rdi
2:      testb   $4, %al
        jz      3f
        movl    (%rsi), %r11d
        movl    %r11d, (%rdi)
        addq    $4, %rsi
        addq    $4, %rdi
3:      subl    $8, %ecx
        jb      5f
4:      movq    (%rsi), %r11
        movq    %r11, (%rdi)
        addq    $8, %rsi
        addq    $8, %rdi
        subl    $8, %ecx
        jae     4b
5:      testb   $4, %cl                 /* the low three bits are what is left */
        jz      6f
        movl    (%rsi), %r11d
        movl    %r11d, (%rdi)
        addq    $4, %rsi
        addq    $4, %rdi
6:      testb   $2, %cl
        jz      7f
        movzwl  (%rsi), %r11d
        movw    %r11w, (%rdi)
        addq    $2, %rsi
        addq    $2, %rdi
7:      testb   $1, %cl
        jz      8f
        movzbl  (%rsi), %r11d
        movb    %r11b, (%rdi)
        incq    %rsi
        incq    %rdi
8:      ret

/* The same downwards: rsi and rdi start behind the ecx bytes and end at their first. */
        .p2align 4
.Lcopy_part_down:
        movl    %edi, %eax
        andl    $7, %eax
        cmpl    %ecx, %eax
        cmoval  %ecx, %eax
        subl    %eax, %ecx
        testb   $1, %al
        jz      1f
        decq    %rsi
        decq    %rdi
        movzbl  (%rsi), %r11d
        movb    %r11b, (%rdi)
1:      testb   $2, %al
        jz      2f
        subq    $2, %rsi
        subq    $2, %rdi
        movzwl  (%rsi), %r11d
        movw    %r11w, (%rdi)
2:      testb   $4, %al
        jz      3f
        subq    $4, %rsi
        subq    $4, %rdi
        movl    (%rsi), %r11d
        movl    %r11d, (%rdi)
3:      subl    $8, %ecx
        jb      5f
4:      subq    $8, %rsi
        subq    $8, %rdi
        movq    (%rsi), %r11
        movq    %r11, (%rdi)
        subl    $8, %ecx
        jae     4b
5:      testb   $4, %cl
        jz      6f
        subq    $4, %rsi
        subq    $4, %rdi
        movl    (%rsi), %r11d
        movl    %r11d, (%rdi)
6:      testb   $2, %cl
        jz      7f
        subq    $2, %rsi
        subq    $2, %rdi
        movzwl  (%rsi), %r11d
        movw    %r11w, (%rdi)
7:      testb   $1, %cl
        jz      8f
        decq    %rsi
        decq    %rdi
        movzbl  (%rsi), %r11d
        movb    %r11b, (%rdi)
8:      ret

/* Fills ecx bytes (1 to 63) upwards with the pattern in r8. Changes rax, rcx, rdi. */
        .p2align 4
.Lfill_part:
        movl    %edi, %eax
        negl    %eax
        andl    $7, %eax
        cmpl    %ecx, %eax
        cmoval  %ecx, %eax
        subl    %eax, %ecx
        testb   $1, %al
        jz      1f
        movb    %r8b, (%rdi)
        incq    %rdi
1:      testb   $2, %al
        jz      2f
        movw    %r8w, (%rdi)
        addq    $2, %rdi
2:      testb   $4, %al
        jz      3f
        movl    %r8d, (%rdi)
        addq    $4, %rdi
3:      subl    $8, %ecx
        jb      5f
4:      movq    %r8, (%rdi)
        addq    $8, %rdi
        subl    $8, %ecx
        jae     4b
5:      testb   $4, %cl
        jz      6f
        movl    %r8d, (%rdi)
        addq    $4, %rdi
6:      testb   $2, %cl
        jz      7f
        movw    %r8w, (%rdi)
        addq    $2, %rdi
7:      testb   $1, %cl
        jz      8f
        movb    %r8b, (%rdi)
        incq    %rdi
8:      ret

/* Copies edx bytes (4 to 60, a multiple of 4) around the caches to the start of a line. Changes rax. */
        .p2align 4
.Lstream_tail:
        testb   $32, %dl
        jz      1f
        movdqu  (%rsi), %xmm0
        movdqu  16(%rsi), %xmm1
        movntdq %xmm0, (%rdi)
        movntdq %xmm1, 16(%rdi)
        addq    $32, %rsi
        addq    $32, %rdi
1:      testb   $16, %dl
        jz      2f
        movdqu  (%rsi), %xmm0
        movntdq %xmm0, (%rdi)
        addq    $16, %rsi
        addq    $16, %rdi
2:      testb   $8, %dl
        jz      3f
        movq    (%rsi), %rax
        movnti  %rax, (%rdi)
        addq    $8, %rsi
        addq    $8, %rdi
3:      testb   $4, %dl
        jz      4f
        movl    (%rsi), %eax
        movnti  %eax, (%rdi)
4:      ret

/* The same with the pattern in r8 and xmm0. */
        .p2align 4
.Lstream_fill_tail:
        testb   $32, %dl
        jz      1f
        movntdq %xmm0, (%rdi)
        movntdq %xmm0, 16(%rdi)
        addq    $32, %rdi
1:      testb   $16, %dl
        jz      2f
        movntdq %xmm0, (%rdi)
        addq    $16, %rdi
2:      testb   $8, %dl
        jz      3f
        movnti  %r8, (%rdi)
        addq    $8, %rdi
3:      testb   $4, %dl
        jz      4f
        movnti  %r8d, (%rdi)
4:      ret

/*
 * One copy routine: store is the instruction for 16 bytes of a whole line, line what writes a whole
 * line back, part what writes back the line of a part. Lines are loaded whole before they are stored, so
 * any distance between the ranges is right as long as the direction is.
 */
        .macro  copy_routine name, store, line, part
        .globl  \name
        .p2align 5
\name:
        open_map
        addq    %rsi, %rdi
        leaq    (%rdx,%rcx), %rsi
        movq    %r8, %rdx
        movq    %rdi, %rax
        subq    %rsi, %rax
        cmpq    %rdx, %rax              /* unsigned: below only if the destination starts in the source */
        jb      .Ldown\@

        movl    %edi, %ecx
        negl    %ecx
        andl    $63, %ecx
        jz      .Llines_up\@
        cmpq    %rdx, %rcx
        cmovaq  %rdx, %rcx
        testl   %ecx, %ecx
        jz      .Ldone\@
        subq    %rcx, %rdx
        movq    %rdi, %r10
        call    .Lcopy_part_up
        write_back \part, (%r10)
.Llines_up\@:
        subq    $64, %rdx
        jb      .Ltail_up\@
        .p2align 4
.Lline_up\@:
        movdqu  (%rsi), %xmm0
        movdqu  16(%rsi), %xmm1
        movdqu  32(%rsi), %xmm2
        movdqu  48(%rsi), %xmm3
        \store  %xmm0, (%rdi)
        \store  %xmm1, 16(%rdi)
        \store  %xmm2, 32(%rdi)
        \store  %xmm3, 48(%rdi)
        write_back \line, (%rdi)
        addq    $64, %rsi
        addq    $64, %rdi
        subq    $64, %rdx
        jae     .Lline_up\@
.Ltail_up\@:
        addl    $64, %edx
        jz      .Ldone\@
        .ifc    \store, movntdq
        testb   $3, %dl
        jnz     .Lodd_tail\@
        call    .Lstream_tail
        jmp     .Ldone\@
        .endif
.Lodd_tail\@:
        movl    %edx, %ecx
        movq    %rdi, %r10
        call    .Lcopy_part_up
        write_back \part, (%r10)
        jmp     .Ldone\@

.Ldown\@:
        addq    %rdx, %rsi
        addq    %rdx, %rdi
        movl    %edi, %ecx
        andl    $63, %ecx
        jz      .Llines_down\@
        cmpq    %rdx, %rcx
        cmovaq  %rdx, %rcx
        subq    %rcx, %rdx
        call    .Lcopy_part_down
        write_back \part, (%rdi)
.Llines_down\@:
        subq    $64, %rdx
        jb      .Lhead_down\@
        .p2align 4
.Lline_down\@:
        subq    $64, %rsi
        subq    $64, %rdi
        movdqu  (%rsi), %xmm0
        movdqu  16(%rsi), %xmm1
        movdqu  32(%rsi), %xmm2
        movdqu  48(%rsi), %xmm3
        \store  %xmm0, (%rdi)
        \store  %xmm1, 16(%rdi)
        \store  %xmm2, 32(%rdi)
        \store  %xmm3, 48(%rdi)
        write_back \line, (%rdi)
        subq    $64, %rdx
        jae     .Lline_down\@
.Lhead_down\@:
        addl    $64, %edx
        jz      .Ldone\@
        movl    %edx, %ecx
        call    .Lcopy_part_down
        write_back \part, (%rdi)
.Ldone\@:
        finish  %r9b
        .endm

        .macro  fill_routine name, store, line, part
        .globl  \name
        .p2align 5
\name:
        open_map
        addq    %rsi, %rdi
        movq    %r8, %r9
        movzbl  %cl, %ecx
        movabsq $0x0101010101010101, %r8
        imulq   %rcx, %r8
        movq    %r8, %xmm0
        punpcklqdq %xmm0, %xmm0

        movl    %edi, %ecx
        negl    %ecx
        andl    $63, %ecx
        jz      .Llines\@
        cmpq    %rdx, %rcx
        cmovaq  %rdx, %rcx
        testl   %ecx, %ecx
        jz      .Ldone\@
        subq    %rcx, %rdx
        movq    %rdi, %r10
        call    .Lfill_part
        write_back \part, (%r10)
.Llines\@:
        subq    $64, %rdx
        jb      .Ltail\@
        .p2align 4
.Lline\@:
        \store  %xmm0, (%rdi)
        \store  %xmm0, 16(%rdi)
        \store  %xmm0, 32(%rdi)
        \store  %xmm0, 48(%rdi)
        write_back \line, (%rdi)
        addq    $64, %rdi
        subq    $64, %rdx
        jae     .Lline\@
.Ltail\@:
        addl    $64, %edx
        jz      .Ldone\@
        .ifc    \store, movntdq
        testb   $3, %dl
        jnz     .Lodd_tail\@
        call    .Lstream_fill_tail
        jmp     .Ldone\@
        .endif
.Lodd_tail\@:
        movl    %edx, %ecx
        movq    %rdi, %r10
        call    .Lfill_part
        write_back \part, (%r10)
.Ldone\@:
        finish  %r9b
        .endm

        .macro  flush_routine insn
        .globl  flush_\insn
        .p2align 5
flush_\insn:
        open_map
        testq   %rdx, %rdx
        jz      2f
        addq    %rsi, %rdi
        leaq    (%rdi,%rdx), %rax
        andq    $-64, %rdi
1:      \insn   (%rdi)
        addq    $64, %rdi
        cmpq    %rax, %rdi
        jb      1b
2:      finish  %cl
        .endm

        copy_routine copy_none, movdqa, none, none
        fill_routine fill_none, movdqa, none, none
        copy_routine copy_nt_none, movntdq, none, none
        fill_routine fill_nt_none, movntdq, none, none

        .irp    insn, clwb, clflushopt, clflush
        flush_routine \insn
        copy_routine copy_\insn, movdqa, \insn, \insn
        fill_routine fill_\insn, movdqa, \insn, \insn
        copy_routine copy_nt_\insn, movntdq, none, \insn
        fill_routine fill_nt_\insn, movntdq, none, \insn
        .endr

        .globl  drain
        .p2align 4
drain:
        sfence
        ret

        .globl  prefetch
        .p2align 4
prefetch:
1:      prefetcht0 (%rdi)
        addq    $64, %rdi
        decq    %rsi
        jg      1b
        ret

        .globl  cpu_features
        .p2align 4
cpu_features:
        pushq   %rbx                    /* cpuid changes it, a callee must not */
        xorl    %eax, %eax
        cpuid
        movl    %eax, %esi              /* the highest leaf */
        movl    $1, %eax
        cpuid
        movl    %ebx, %r8d
        andl    $0xff00, %r8d           /* line size / 8 */
        shrl    $19, %edx               /* leaf 1, edx bit 19: clflush */
        andl    $1, %edx
        orl     %edx, %r8d
        cmpl    $7, %esi
        jb      1f
        movl    $7, %eax
        xorl    %ecx, %ecx
        cpuid
        shrl    $22, %ebx               /* leaf 7, ebx bit 23: clflushopt, bit 24: clwb */
        andl    $6, %ebx
        orl     %ebx, %r8d
1:      movl    %r8d, %eax
        popq    %rbx
        ret

        .section .note.GNU-stack, "", @progbits
