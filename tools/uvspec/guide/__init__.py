"""The programs of the guide: what there is (programs), what each has to do (trials), and running them (runner)."""
