/*
 * Runs the persist routines outside a JVM, under an emulator. The same protocol as the harness for
 * aarch64, where it is described.
 */
        .text
        .globl  _start
_start:
        movl    $9, %eax                /* mmap */
        xorl    %edi, %edi
        movl    $12288, %esi
        xorl    %edx, %edx              /* PROT_NONE */
        movl    $0x22, %r10d            /* MAP_PRIVATE | MAP_ANONYMOUS */
        movq    $-1, %r8
        xorl    %r9d, %r9d
        syscall
        leaq    4096(%rax), %rbx        /* the memory */
        movl    $10, %eax               /* mprotect */
        movq    %rbx, %rdi
        movl    $4096, %esi
        movl    $3, %edx                /* PROT_READ | PROT_WRITE */
        syscall
        testq   %rax, %rax
        jnz     failed
        leaq    request(%rip), %rbp

next:   movq    %rbp, %r12
        movl    $56, %r13d
        call    receive
        movq    %rbx, %r12
        movl    $4096, %r13d
        call    receive
        leaq    code(%rip), %r14
        addq    (%rbp), %r14
        leaq    cell(%rip), %rdi
        movq    %rbx, (%rdi)
        movq    16(%rbp), %rsi
        movq    24(%rbp), %rdx
        movq    32(%rbp), %rcx
        movq    40(%rbp), %r8
        movq    48(%rbp), %r9
        testq   $2, 8(%rbp)
        jz      1f
        movq    $0, (%rdi)
1:      testq   $1, 8(%rbp)
        jz      call_routine
        addq    %rbx, %rdx
        .globl  call_routine
call_routine:
        call    *%r14
        .globl  routine_returned
routine_returned:
        movq    %rax, (%rbp)
        movq    %rbp, %r12
        movl    $8, %r13d
        call    send
        movq    %rbx, %r12
        movl    $4096, %r13d
        call    send
        jmp     next

receive:
        xorl    %eax, %eax              /* read */
        xorl    %edi, %edi
        movq    %r12, %rsi
        movq    %r13, %rdx
        syscall
        testq   %rax, %rax
        js      failed
        jz      ended
        addq    %rax, %r12
        subq    %rax, %r13
        jnz     receive
        ret

send:   movl    $1, %eax                /* write */
        movl    $1, %edi
        movq    %r12, %rsi
        movq    %r13, %rdx
        syscall
        testq   %rax, %rax
        jle     failed
        addq    %rax, %r12
        subq    %rax, %r13
        jnz     send
        ret

ended:  xorl    %edi, %edi
        movl    $60, %eax               /* exit */
        syscall
failed: movl    $1, %edi
        movl    $60, %eax
        syscall

        .balign 4096
        .globl  code
code:   .incbin "x86_64.bin"

        .bss
        .balign 16
request:
        .skip   64
cell:   .skip   8

        .section .note.GNU-stack, "", @progbits
