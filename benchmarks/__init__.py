"""How fast importmgr loads a file, as ratios to other parties measured in the same run.

```
kinds, drawing, files   what is loaded: three kinds of rows, always the same, and the truth
ours                    the only module that knows the product
parties/                who loads: ours, the database's own bulk command, peers
peers/                  the peers' scripts, each a process of its own
scenarios, claims       the lines of the tables, and what is claimed of them: data
places, workshop        databases of each engine, as they are before a load
stopwatch, measuring    one process: how long, how much memory
comparing, holding      the commands: loads in turns; memory, growth and hostile files
polluted/               another question: who reads which polluted files rightly
results, machine        the page that is written, and on what it was measured
```

Figures hold for the machine that printed them; compare ratios, and only those of one run.
"""
