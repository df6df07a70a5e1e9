"""The instructor's side: grade a class robustly, safely and fast, into nbgrader's own gradebook.

sanitize   submission + master → job (what is to be run, whatever the learner did to the file)
worker     job → record, in a sandbox (`sandbox`, `nursery`); pure, so any executor can run it. The learner's cells run
           in one process (`kernel`), the tests in another (`checker`); between them go values alone (`link`, `codec`)
verdict    record → points and flags
book       the one writer of the gradebook; `feedback` and `report` read what it wrote
command    `course release | check | autograde | feedback | export | report`
"""
