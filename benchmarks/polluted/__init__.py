"""Tables that are known, written as people and programs write files, and who reads them rightly.

```
tables/       clean tables of very different character, always the same
sheets        how a table is written into a file, and what is to be read there
pollutions/   what is wrong with a file, each a function of a sheet; catalogue: all of them
filing        every table with every pollution, as files and a list of them
readers/      the parties' scripts, each a process of its own that reads all files
scoring       how much of a table was read, as the benchmark Pollock counts it
reading       the parties, each at all files; figures: the tables of the page
```
"""
