import { describe, expect, it } from "vitest";

import { fenced, looksLikeCode } from "./pastedCode";

describe("code", () => {
  it.each([
    ["Python", "import sys\n\nfor line in sys.stdin:\n    print(line.strip())"],
    ["a function of Python", "def mean(values):\n    total = sum(values)\n    return total / len(values)"],
    ["two lines of Python", "if ready:\n    start(now)"],
    ["JavaScript", "const a = [1, 2];\na.forEach((one) => {\n  console.log(one);\n});"],
    ["R", "library(DESeq2)\ndds <- DESeqDataSetFromMatrix(counts, coldata, ~ condition)\ndds <- DESeq(dds)"],
    ["C", "#include <stdio.h>\nint main(void) {\n\treturn 0;\n}"],
    ["SQL", "SELECT name\nFROM dataset\nWHERE id = 3"],
    ["JSON", '{\n  "name": "one",\n  "size": 3\n}'],
    ["XML", '<tool id="cat">\n  <command>cat</command>\n</tool>'],
    ["a shell", "$ samtools index a.bam\n$ ls -l\ntotal 12"],
    ["a shell with its prompt", "ada@host:~/data$ ls\nada@host:~/data$ cat reads.fq | wc -l"],
    ["a traceback", 'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    run()\nKeyError: \'x\''],
    ["a stack of JavaScript", "TypeError: x is not a function\n    at run (a.js:3:4)\n    at main (b.js:10:1)"],
    ["a stack of Java", "java.lang.NullPointerException: x\n    at org.a.B.run(B.java:3)\n    at org.a.C.main(C.java:9)"],
    ["a table", "chrom\tstart\tend\nchr1\t10\t20\nchr2\t5\t9"],
    ["a sequence", ">chr1 human\nACGTACGTACGTACGTACGTACGTACGT\nACGTACGTACGTACGTACGT"],
  ])("is %s", (_case, text) => {
    expect(looksLikeCode(text)).toBe(true);
  });

  it.each([
    ["a line", "const a = 1;"],
    ["prose", "Dear all,\n\nplease find below what we have found (all of it).\nIf you have a question:\n  write to me!\n\nBest,\nAda"],
    ["German prose", "Hallo zusammen;\nheute ist frei;\nbis morgen."],
    ["a list", "- samples;\n  - control (two);\n  - treated (three);\n- reads"],
    ["a numbered list", "1. open the history\n2. run the tool (FastQC)\n   with defaults\n3. done"],
    ["verse", "The woods are lovely, dark and deep,\n  But I have promises to keep,\n  And miles to go before I sleep"],
    ["a quotation", "> I think so\n> Me too\nAgreed."],
    ["a quotation without blanks", ">I think so\n>Me too\nAgreed."],
    ["parts with lines between them", `One\n${"-".repeat(40)}\nTwo\n${"-".repeat(40)}\n${"*".repeat(40)}`],
    ["a mail's head", "From: Ada\nTo: Ben\nSubject: samples"],
    ["addresses", "https://usegalaxy.org/a?b=c\nhttps://usegalaxy.eu/d?e=f"],
    ["prose with one line of code", "I tried this:\nx = load()\nand it did not work.\nWhat now?"],
    ["prose that begins like code", "import the data first\nthen return to the history\nfor the next step\nselect the tool"],
    ["markdown with a block", "See:\n```\nx = 1;\ny = 2;\n```"],
    ["Japanese", "おはようございます。\n今日は休みです。"],
    ["Galaxy steps", "Use the upload tool\nWith these options:\n  Type: fastqsanger\n  Genome: hg38"],
  ])("is not %s", (_case, text) => {
    expect(looksLikeCode(text)).toBe(false);
  });

  it("is told at once, however much there is", () => {
    const begun = performance.now();
    looksLikeCode(`x ${"(".repeat(50_000)} y\n`.repeat(300));
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it("stands in a block that nothing in it ends, without the blank lines around it", () => {
    expect(fenced("\n  a\r\n  b\n\n")).toBe("```\n  a\n  b\n```");
    expect(fenced("x = '```'\ny = `a`")).toBe("````\nx = '```'\ny = `a`\n````");
  });
});
