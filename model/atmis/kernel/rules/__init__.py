"""The rules of the model: one file for each submodel of model/ODD.md, section 7.

Every rule takes (params, state, record, stream, day) or the part of them it needs; `day` counts from 0.
"""
