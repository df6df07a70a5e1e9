# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Practice
#
# Questions on every lecture. Answer, say how sure you are, press *Check*, and read why. What went wrong is asked
# again three questions later, and again in the days to come. At the end you see how well you know what you know: of
# what you were 90 % sure of, are nine in ten right?
#
# **How often a question comes back** follows Leitner's boxes (Sebastian Leitner, *So lernt man lernen*, 1972). A
# question starts in box 1; a right answer moves it up, a wrong one back to box 1. Box 1 comes back at once, boxes 2
# to 5 after 1, 2, 4 and 8 days.
#
# **What you answered** is kept in `practice.jsonl` beside this page, on your machine alone; delete the file to start
# anew. **With the keyboard:** Tab moves on, Space presses a button.

# %%
from course_utils.widgets import practice

practice.session(questions=10)

# %% [markdown]
# For some lectures only, or a longer round, change the names and the number here, and run the cell:

# %%
practice.session("01_definitions", "02_gmm", questions=5)
