"""Administration: what an installation consists of, who may change what of it, and the forms to do it by."""
