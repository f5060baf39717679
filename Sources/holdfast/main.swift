import HoldfastApp

EntryPoint.main()
