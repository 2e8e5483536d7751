"""The agent: a small grammar of wishes, in English and Chinese, and what each does to a draft. Pure.

quantities, clauses             numbers and times in a sentence; sentences into clauses
wish                            what a wish is, and the rule that reads it
timeline                        a draft that is being edited
footage, looks, cuts, texts, music     the wishes, by subject: each with the words it is asked for with
grammar                         message -> wishes
sentences, reply, respond       wishes -> edits and an answer
"""
